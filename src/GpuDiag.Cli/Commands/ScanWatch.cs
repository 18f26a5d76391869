using GpuDiag.Analyses.Scan;
using GpuDiag.Reports.Gates;
using GpuDiag.Reports.Monitoring;

namespace GpuDiag.Cli.Commands;

/// <summary>The files of a scan for those who watch it: written when it is done, and when it fails.</summary>
internal sealed class ScanWatch
{
    private const string JUnit = "junit", Prometheus = "prometheus";

    private readonly ScanRequest request;
    private readonly Session session;
    private bool told;

    /// <exception cref="InputException">A file can't be written.</exception>
    public ScanWatch(ScanRequest request, Session session)
    {
        this.request = request;
        this.session = session;
        if (request.JUnit is string junit)
            SideFile.Check(junit, JUnit);
        if (request.Prometheus is string prometheus)
            SideFile.Check(prometheus, Prometheus);
    }

    public void Done(ScanOutcome outcome, IReadOnlyList<GateVerdict> verdicts) => Tell(outcome, verdicts, null);

    /// <summary>Says so where nothing was said yet; never throws, for the fault itself is what the user must see.</summary>
    public void Failed(Exception fault)
    {
        if (told)
            return;
        try
        {
            Tell(null, [], fault is OperationCanceledException ? "cancelled" : fault.Message);
        }
        catch (InputException second)
        {
            session.Errors.WriteLine($"gpudiag: {second.Message}");
        }
    }

    private void Tell(ScanOutcome? outcome, IReadOnlyList<GateVerdict> verdicts, string? fault)
    {
        told = true;
        var run = new WatchedRun(Application.Version, session.Started, session.Elapsed, outcome, verdicts, fault);
        if (request.JUnit is string junit)
            SideFile.Write(junit, JUnit, stream => JUnitXml.Write(stream, run));
        if (request.Prometheus is string prometheus)
            SideFile.Write(prometheus, Prometheus, stream => PrometheusText.Write(stream, run, Path.GetFileNameWithoutExtension(prometheus)));
    }
}
