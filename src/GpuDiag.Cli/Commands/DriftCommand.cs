using System.Text.Json;
using GpuDiag.Analyses.Drift;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Reports.Drift;
using GpuDiag.Reports.Gates;
using GpuDiag.Reports.Html;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag drift</c>: what changed between datasets.</summary>
internal static class DriftCommand
{
    public static int Run(OptionValues values, Session session)
    {
        var request = DriftRequest.From(values, CommandCatalog.Drift);
        if (PartCommand.Asked(values) is var (slice, path))
            return Part(request, slice, path, session);
        return request.Options.Datasets.Count == 1 ? SaveOnly(request, session) : Compare(request, session);
    }

    /// <summary>Makes the result of parts.</summary>
    public static int Merge(MergeRequest merge)
    {
        var (parts, values) = (merge.Wholes(), merge.Values);
        var options = parts[0].About.ToOptions<DriftOptions>();
        options = options with { Device = values.Text("device") ?? options.Device, Threads = (int?)values.Whole("threads"), Memory = values.Bytes("memory") };
        return Compare(DriftRequest.Of(values, options) with { Rounds = Sharding.ToResult(parts, null) }, merge.Session);
    }

    /// <summary>That parts can be made by such a request.</summary>
    /// <exception cref="InputException">They can't.</exception>
    public static void CheckShared(DriftRequest request)
    {
        if (request.SaveReference is not null)
            throw new InputException("--save-reference stands beside --shard, and a part has but a part of the reference", remedy: "Leave one of the two out.");
    }

    private static int Part(DriftRequest request, ShardSlice slice, string path, Session session)
    {
        CheckShared(request);
        return PartCommand.Write(path, request.Quiet, session, progress =>
            Sharding.Part("drift", request.Options, rounds => Drift.Run(request.Options, progress, rounds, session.Cancellation), slice, null, Application.Version));
    }

    private static int Compare(DriftRequest request, Session session)
    {
        using var folder = new OutputFolder(request.Out);
        ReportPreparation.Start();
        bool together = request.SaveReference is string kept && Path.GetFullPath(Folder(kept)) == Path.GetFullPath(request.Out);
        using var saved = request.SaveReference is string path && !together ? new OutputFolder(Folder(path)) : null;
        var outcome = Read(request, folder, session);
        saved?.Write(Path.GetFileName(request.SaveReference!), outcome.SaveReference);
        var reports = DriftReports.All.Where(r => r.Applies(outcome)).ToList();
        ReportFiles.Write(
            folder,
            [
                .. DriftReports.All.Select(r => new ReportFile(r.FileName, reports.Contains(r), (stream, run) => r.Write(stream, outcome with { Run = run }, session.Cancellation))),
                .. together ? [new ReportFile(Path.GetFileName(request.SaveReference!), true, (stream, _) => outcome.SaveReference(stream))] : (ReportFile[])[],
            ],
            outcome.Run,
            session.Cancellation);
        saved?.Commit();

        var summary = new MemoryStream();
        DriftJson.Write(summary, outcome.Results, outcome.Run);
        using var document = JsonDocument.Parse(summary.GetBuffer().AsMemory(0, (int)summary.Length));
        GateVerdict[] verdicts = [.. request.Gates.Select(gate => GateEvaluator.Judge(gate, document.RootElement))];
        TellSkipped(request, session, outcome.Run);
        if (request.Json)
        {
            summary.WriteTo(session.Output.BaseStream);
        }
        else if (!request.Quiet)
        {
            List<(string File, string Holds)> files = [(HtmlReport.FileName, HtmlReport.Holds), .. reports.Select(r => (r.FileName, r.Holds))];
            if (request.SaveReference is not null)
                files.Add((request.SaveReference, "the reference, to compare with again"));
            new DriftText(session.Output, Session.Palette).Write(outcome.Results, outcome.Run, folder.Path, session.Elapsed, files);
            // Before anything goes to stderr, so that the two read in order where they meet.
            session.Output.Flush();
        }
        bool passed = ScanCommand.TellVerdicts(verdicts, request.Json, request.Quiet, session);
        return !passed ? ExitCode.GateFailed : Done(outcome.Run);
    }

    /// <summary>Reads the reference and keeps it; nothing is compared.</summary>
    private static int SaveOnly(DriftRequest request, Session session)
    {
        string path = request.SaveReference!;
        using var folder = new OutputFolder(Folder(path));
        var outcome = Read(request, folder, session);
        folder.Write(Path.GetFileName(path), outcome.SaveReference);
        session.Cancellation.ThrowIfCancellationRequested();
        folder.Commit();
        TellSkipped(request, session, outcome.Run);
        if (!request.Quiet)
        {
            session.Output.Write($"Saved {Plain.Count(outcome.ReferenceRows)} rows, {outcome.ReferenceColumns} columns to compare, as {Plain.Name(path)} ({Plain.Count(new FileInfo(path).Length)} bytes)\n");
            session.Output.Write($"Compare with it: gpudiag drift {Session.Quoted(path)} today.parquet\n");
        }
        return Done(outcome.Run);
    }

    private static DriftOutcome Read(DriftRequest request, OutputFolder folder, Session session)
    {
        var kept = new RunKeeping(folder, "drift", () => StateAbout.OptionsOf(request.Options), session) { Resumes = request.Resume, Quiet = request.Quiet, SkipsUnreadable = request.Options.SkipUnreadable };
        var progress = request.Quiet ? null : new ProgressLine(session.Errors, Session.IsTerminal);
        try
        {
            // Merged states are of other runs.
            var outcome = request.Rounds is null
                ? kept.Run(rounds => Drift.Run(request.Options, progress, rounds, session.Cancellation))
                : Drift.Run(request.Options, progress, request.Rounds, session.Cancellation);
            return outcome with { Run = outcome.Run with { Version = Application.Version, Command = session.Command } };
        }
        finally
        {
            progress?.Clear();
        }
    }

    private static int Done(RunInfo run) => run.Skipped.Count > 0 ? ExitCode.InputsSkipped : ExitCode.Done;

    private static string Folder(string path)
    {
        if (Path.GetFileName(path).Length == 0)
            throw new InputException($"--save-reference: '{path}' names no file", remedy: "Write --save-reference may.state.");
        return Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".";
    }

    private static void TellSkipped(DriftRequest request, Session session, RunInfo run)
    {
        if (request is { Json: false, Quiet: false } && request.Options.Datasets.Count > 1)
            return; // The text tells it.
        foreach (var skipped in run.Skipped)
            session.Errors.WriteLine($"gpudiag: skipped {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}");
    }
}
