using System.Diagnostics;
using System.Text.Json;
using GpuDiag.Analyses.Drift;
using GpuDiag.Analyses.Scan;
using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Reports.Drift;
using GpuDiag.Reports.Gates;
using GpuDiag.Reports.Html;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag drift</c>: what changed between two datasets.</summary>
internal static class DriftCommand
{
    public static int Run(OptionValues values, Session session)
    {
        var request = DriftRequest.From(values, CommandCatalog.Drift);
        using var folder = new OutputFolder(request.Out);
        var progress = request.Quiet ? null : new ProgressLine(session.Errors, Session.IsTerminal);
        DriftOutcome outcome;
        try
        {
            outcome = Drift.Run(request.Options, progress, session.Cancellation);
        }
        finally
        {
            progress?.Clear();
        }
        long start = Stopwatch.GetTimestamp();
        var summary = new MemoryStream();
        DriftJson.Write(summary, outcome.Result);
        folder.Write("columns.parquet", stream => DriftTables.Columns.Write(stream, outcome.Result.Columns, session.Cancellation));
        folder.Write("shares.parquet", stream => DriftTables.Shares.Write(stream, DriftTables.AllShares(outcome.Result), session.Cancellation));
        var run = outcome.Run with
        {
            Version = Application.Version,
            Command = session.Command,
            Timings = [.. outcome.Run.Timings, new StageTime("write", Stopwatch.GetElapsedTime(start).TotalSeconds)],
        };
        folder.Write("run.json", stream => RunJson.Write(stream, run));
        folder.Write("summary.json", summary.WriteTo);
        HtmlReport.Write(folder, session.Cancellation);
        session.Cancellation.ThrowIfCancellationRequested();
        folder.Commit();

        using var document = JsonDocument.Parse(summary.GetBuffer().AsMemory(0, (int)summary.Length));
        GateVerdict[] verdicts = [.. request.Gates.Select(gate => GateEvaluator.Judge(gate, document.RootElement))];
        Tell(request, session, outcome.Result, run, folder.Path, summary);
        bool passed = Tell(verdicts, request.Json || request.Quiet ? session.Errors : session.Output, request.Quiet);
        return !passed ? ExitCode.GateFailed : run.Skipped.Count > 0 ? ExitCode.InputsSkipped : ExitCode.Done;
    }

    private static void Tell(DriftRequest request, Session session, DriftResult result, RunInfo run, string folder, MemoryStream summary)
    {
        if (request.Json || request.Quiet)
        {
            foreach (var skipped in run.Skipped)
                session.Errors.WriteLine($"gpudiag: skipped {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}");
        }
        if (request.Json)
        {
            summary.WriteTo(session.Output.BaseStream);
        }
        else if (!request.Quiet)
        {
            new DriftText(session.Output, Session.Palette).Write(result, run, folder, session.Elapsed,
            [
                (HtmlReport.FileName, HtmlReport.Holds),
                ("columns.parquet", "every compared column with all its measures"),
                ("shares.parquet", "shares of bins and values on both sides"),
                ("run.json", "version, command, columns, device, timings"),
                ("summary.json", "everything, for machines"),
            ]);
            // Before anything goes to stderr, so that the two read in order where they meet.
            session.Output.Flush();
        }
    }

    private static bool Tell(GateVerdict[] verdicts, TextWriter place, bool onlyFailed)
    {
        foreach (var verdict in verdicts)
        {
            if (!verdict.Passed || !onlyFailed)
                place.Write($"gate {(verdict.Passed ? "passed" : "FAILED")}: {Plain.Name(verdict.Gate.Text)}  ({verdict.Reason ?? $"it is {Json.Text(verdict.Actual)}"})\n");
        }
        return verdicts.All(v => v.Passed);
    }
}
