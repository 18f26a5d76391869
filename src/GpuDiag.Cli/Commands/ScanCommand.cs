using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Reports.Gates;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag scan</c>: everything about the command line is settled before the first row is read.</summary>
internal static class ScanCommand
{
    public static int Run(OptionValues values, Session session)
    {
        var request = ScanRequest.From(values, CommandCatalog.Scan);
        return PartCommand.OfScan(values, request, session) ?? Run(request, session, session.Command);
    }

    public static int Run(ScanRequest request, Session session, string commandLine)
    {
        var watch = new ScanWatch(request, session);
        try
        {
            return Run(request, session, commandLine, watch);
        }
        catch (Exception fault)
        {
            watch.Failed(fault);
            throw;
        }
    }

    private static int Run(ScanRequest request, Session session, string commandLine, ScanWatch watch)
    {
        using var folder = new OutputFolder(request.Out);
        var kept = new RunKeeping(folder, "scan", () => StateAbout.OptionsOf(request.Options), session) { Resumes = request.Resume, Quiet = request.Quiet, SkipsUnreadable = request.Options.SkipUnreadable };
        // Merged states are of other runs.
        var outcome = request.Rounds is null ? kept.Run(rounds => Diagnose(request with { Rounds = rounds }, session)) : Diagnose(request, session);
        outcome = outcome with { Run = outcome.Run with { Version = Application.Version, Command = commandLine, Started = session.Started } };
        ReportFiles.Write(
            folder,
            ReportCatalog.All.Select(r => new ReportFile(r.FileName, r.Applies(outcome), (stream, run) => r.Write(stream, outcome with { Run = run }, session.Cancellation))),
            outcome.Run,
            session.Cancellation);
        var verdicts = GateEvaluator.Judge(request.Gates, outcome.Result);
        watch.Done(outcome, verdicts);

        if (request.Json || request.Quiet)
        {
            foreach (var skipped in outcome.Run.Skipped)
                session.Errors.WriteLine($"gpudiag: skipped {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}");
        }
        if (request.Json)
        {
            SummaryJson.Write(session.Output.BaseStream, outcome.Result, outcome.Run);
        }
        else if (!request.Quiet)
        {
            new ConsoleSummary(session.Output, Session.Palette).Write(outcome, folder.Path, session.Elapsed);
            // Before anything goes to stderr, so that the two read in order where they meet.
            session.Output.Flush();
        }
        bool allPassed = TellVerdicts(verdicts, request.Json, request.Quiet, session);
        return !allPassed ? ExitCode.GateFailed : outcome.Run.Skipped.Count > 0 ? ExitCode.InputsSkipped : ExitCode.Done;
    }

    /// <summary>Scans, with progress unless the request is quiet.</summary>
    public static ScanOutcome Diagnose(ScanRequest request, Session session)
    {
        if (request.Quiet)
            return Scan.Run(request.Options, new ReportPreparation(null), request.Rounds ?? (() => new Rounds()), session.Cancellation);
        var progress = new ProgressLine(session.Errors, Session.IsTerminal);
        try
        {
            return Scan.Run(request.Options, new ReportPreparation(progress), request.Rounds ?? (() => new Rounds()), session.Cancellation);
        }
        finally
        {
            progress.Clear();
        }
    }

    /// <summary>Says what came of each gate; true when all passed.</summary>
    public static bool TellVerdicts(IReadOnlyList<GateVerdict> verdicts, bool json, bool quiet, Session session)
    {
        foreach (var verdict in verdicts)
        {
            // Verdicts are results, unless stdout is a machine's.
            TextWriter place = json || quiet ? session.Errors : session.Output;
            if (!verdict.Passed || !quiet)
                place.Write($"gate {(verdict.Passed ? "passed" : "FAILED")}: {Plain.Name(verdict.Gate.Text)}  ({verdict.Reason ?? $"it is {Json.Text(verdict.Actual)}"})\n");
        }
        return verdicts.All(v => v.Passed);
    }
}
