using System.Globalization;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Reports.Monitoring;

namespace GpuDiag.Cli.Commands;

/// <summary>Keeps what a long scan has read so far in its output folder, and goes on from there with <c>--resume</c>.</summary>
internal sealed class ScanKeeping(ScanRequest request, Session session)
{
    public const string FileName = ".gpudiag-resume.gds";

    private const string Variable = "GPUDIAG_KEEP_SECONDS", Remedy = "Give the same command and data as then, or start anew without --resume.";

    private readonly string path = Path.Combine(request.Out, FileName);
    private int attempts;
    private bool wrote;

    /// <summary>From one keeping to the next; the variable is for tests.</summary>
    private static TimeSpan Interval
        => double.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromSeconds(30);

    /// <summary>Scans, from where an earlier run was where that is asked for.</summary>
    public ScanOutcome Diagnose()
    {
        // Merged states and shown rows are of other runs.
        if (request.Rounds is not null)
            return ScanCommand.Diagnose(request, session);
        try
        {
            return ScanCommand.Diagnose(request with { Rounds = Next }, session);
        }
        catch (OperationCanceledException) when (wrote)
        {
            session.Errors.WriteLine("gpudiag: what was read so far is kept: the same command with --resume goes on there");
            throw;
        }
    }

    private Rounds Next()
    {
        var book = ++attempts == 1 && request.Resume ? Earlier() : null;
        Dataset? data = null;
        StateAbout? about = null;
        Rounds rounds = null!;
        rounds = new Rounds
        {
            Check = opened =>
            {
                data = opened;
                if (book?.About.Differs(About()) is not { } difference)
                    return;
                if (!request.Options.SkipUnreadable)
                    throw new InputException($"the earlier run differs: there {difference}", path, remedy: Remedy);
                session.Errors.WriteLine($"gpudiag: starting anew, for the earlier run differs: there {difference}");
                rounds.Forget();
            },
            Checkpoints = new Checkpoints(Interval, sections =>
            {
                SideFile.Write(path, "out", new StateBook(About(), sections).Write);
                wrote = true;
            }),
        };
        foreach (var (name, content) in book?.Sections ?? [])
            rounds.Add(name, content);
        return rounds;

        StateAbout About() => about ??= new StateAbout(StateAbout.CurrentFormat, Application.Version, "scan", "", "", "", StateAbout.OptionsOf(request.Options), StateAbout.DataOf(data!));
    }

    private StateBook? Earlier()
    {
        if (File.Exists(path))
            return StateBook.Read(path, Application.Version);
        if (!request.Quiet)
            session.Errors.WriteLine("gpudiag: nothing was kept of an earlier run: starting at the beginning");
        return null;
    }
}
