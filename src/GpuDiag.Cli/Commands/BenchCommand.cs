using GpuDiag.Cli.Options;
using GpuDiag.Engine;
using GpuDiag.Reports;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag bench</c>: this machine's operations beside the limits that it is measured to have.</summary>
internal static class BenchCommand
{
    public static int Run(OptionValues values, Session session)
    {
        int threads = (int?)values.Whole(OptionCatalog.Threads.Name) ?? Environment.ProcessorCount;
        var result = DeviceBench.Run(values.Text(OptionCatalog.Device.Name) ?? BackendCatalog.Auto, threads);
        if (values.Text(OptionCatalog.Format.Name) == "json")
            BenchReport.WriteJson(session.Output.BaseStream, result, threads);
        else
            BenchReport.WriteText(session.Output, result);
        return ExitCode.Done;
    }
}
