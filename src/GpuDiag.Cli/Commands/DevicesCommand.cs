using GpuDiag.Cli.Options;
using GpuDiag.Engine;
using GpuDiag.Reports;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag devices</c>: what is there, what auto would choose, and why.</summary>
internal static class DevicesCommand
{
    public static int Run(OptionValues values, Session session)
    {
        var report = DeviceReport.Create();
        if (values.Text(OptionCatalog.Format.Name) == "json")
            DevicesReport.WriteJson(session.Output.BaseStream, report);
        else
            DevicesReport.WriteText(session.Output, report);
        return ExitCode.Done;
    }
}
