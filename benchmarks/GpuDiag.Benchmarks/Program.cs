using BenchmarkDotNet.Running;
using GpuDiag.Benchmarks;

if (args is ["neighbors"])
{
    NeighborsServer.Run(Console.In, Console.Out);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
