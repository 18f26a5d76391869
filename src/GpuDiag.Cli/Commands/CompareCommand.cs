using GpuDiag.Analyses.Compare;
using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Reports.Compare;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag compare</c>: two models on the same rows.</summary>
internal static class CompareCommand
{
    public static int Run(OptionValues values, Session session)
    {
        var request = CompareRequest.From(values, CommandCatalog.Compare);
        using var folder = new OutputFolder(request.Out);
        ReportPreparation.Start();
        var outcome = Compare(request, folder, session);
        outcome = outcome with { Run = outcome.Run with { Version = Application.Version, Command = session.Command } };
        ReportFiles.Write(
            folder,
            CompareReports.All.Select(r => new ReportFile(r.FileName, r.Applies(outcome), (stream, run) => r.Write(stream, outcome with { Run = run }, session.Cancellation))),
            outcome.Run,
            session.Cancellation);
        var verdicts = CompareGates.Judge(request.Gates, outcome.Result);
        if (request.Json || request.Quiet)
        {
            foreach (var skipped in outcome.Run.Skipped)
                session.Errors.WriteLine($"gpudiag: skipped {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}");
        }
        if (request.Json)
        {
            CompareJson.Write(session.Output.BaseStream, outcome.Result, outcome.Run);
        }
        else if (!request.Quiet)
        {
            new CompareSummary(session.Output, Session.Palette).Write(outcome, folder.Path, session.Elapsed);
            session.Output.Flush();
        }
        bool allPassed = ScanCommand.TellVerdicts(verdicts, request.Json, request.Quiet, session);
        return !allPassed ? ExitCode.GateFailed : outcome.Run.Skipped.Count > 0 ? ExitCode.InputsSkipped : ExitCode.Done;
    }

    private static CompareOutcome Compare(CompareRequest request, OutputFolder folder, Session session)
    {
        var kept = new RunKeeping(folder, "compare", StateAbout.OptionsOf(request.Options), session) { Resumes = request.Resume, Quiet = request.Quiet, SkipsUnreadable = request.Options.Before.SkipUnreadable };
        var progress = request.Quiet ? null : new ProgressLine(session.Errors, Session.IsTerminal);
        try
        {
            return kept.Run(rounds => Comparison.Run(request.Options, progress, rounds, session.Cancellation));
        }
        finally
        {
            progress?.Clear();
        }
    }
}
