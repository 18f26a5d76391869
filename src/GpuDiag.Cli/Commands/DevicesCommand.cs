using GpuDiag.Cli.Options;
using GpuDiag.Engine;
using GpuDiag.Reports;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag devices</c>: what is there, what auto would choose, and why; with <c>--check</c>, whether it computes right.</summary>
internal static class DevicesCommand
{
    public static int Run(OptionValues values, Session session)
    {
        var report = DeviceReport.Create();
        bool json = values.Text(OptionCatalog.Format.Name) == "json";
        if (!json)
        {
            DevicesReport.WriteText(session.Output, report);
            session.Output.Flush(); // The check takes a while.
        }
        List<DeviceCheckResult>? checks = null;
        if (values.Flag(OptionCatalog.Check.Name))
        {
            checks = [];
            foreach (string device in values.Text(OptionCatalog.Device.Name) is string named ? [named] : DeviceCheck.Devices(report))
            {
                session.Cancellation.ThrowIfCancellationRequested();
                checks.AddRange(DeviceCheck.Run(device));
            }
        }
        if (json)
            DevicesReport.WriteJson(session.Output.BaseStream, report, checks);
        else if (checks is not null)
            DevicesReport.WriteText(session.Output, checks);
        return checks is null || checks.TrueForAll(c => c.Passed) ? ExitCode.Done : ExitCode.DeviceFailed;
    }
}
