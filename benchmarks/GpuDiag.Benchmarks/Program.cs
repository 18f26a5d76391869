using System.Globalization;
using BenchmarkDotNet.Running;
using GpuDiag.Benchmarks;

if (args is ["neighbors"])
{
    NeighborsServer.Run(Console.In, Console.Out);
}
else if (args is ["labels", var rows, var classes, ..])
{
    LabelsRun.Run(int.Parse(rows, CultureInfo.InvariantCulture), int.Parse(classes, CultureInfo.InvariantCulture), Environment.ProcessorCount, Console.Out);
}
else if (args is ["compare", .. var settings])
{
    CompareStudy.Run(settings is [var setting] ? int.Parse(setting, CultureInfo.InvariantCulture) : null, Console.Out);
}
else if (args is ["loop", var folder, ..])
{
    int Number(int place, int or) => args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : or;
    LoopExperiment.Run(folder, Number(2, 30), Number(3, 60), args.Length > 4 ? args[4] : null, Console.Out);
}
else if (args is ["retrain" or "retrain-data", var count, var width, var kinds, ..])
{
    int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    if (args[0] == "retrain")
        RetrainRun.Fit(Whole(count), Whole(width), Whole(kinds), args.Length > 4 ? double.Parse(args[4], CultureInfo.InvariantCulture) : 1, args.Length > 5 ? Whole(args[5]) : 3, args.Length > 6 ? Whole(args[6]) : Environment.ProcessorCount, Console.Out);
    else
        RetrainRun.Write(Whole(count), Whole(width), Whole(kinds), args[4]);
}
else if (args is ["drift-study", ..])
{
    DriftStudy.Run(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1000, Console.Out);
}
else if (args is ["multiply-adds"])
{
    MultiplyAdds.Run(Console.Out);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
