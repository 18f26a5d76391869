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
        if (PartCommand.Earlier(values, OptionCatalog.Merged, CommandCatalog.Compare) is { } after)
            return Part(CompareRequest.Of(values, Here(after, values)), after, PartCommand.Asked(values)!.Value, session);
        var request = CompareRequest.From(values, CommandCatalog.Compare);
        return PartCommand.Asked(values) is { } part ? Part(request, null, part, session) : Run(request, session);
    }

    /// <summary>Makes the result of parts.</summary>
    public static int Merge(MergeRequest merge)
    {
        var (values, session) = (merge.Values, merge.Session);
        var books = RoundMerge.Books(merge);
        var request = CompareRequest.Of(values, Here(merge.Books[0], values));
        if (values.Text(OptionCatalog.State.Name) is not string path)
            return Run(request with { Rounds = Sharding.ToResult(books.Parts, books.After) }, session);
        var options = request.Options with { Scratch = FolderOf(path) };
        return RoundMerge.ToState(path, books, rounds => Comparison.Run(options, null, rounds, session.Cancellation), "compare --merged", request.Quiet, session);
    }

    private static int Part(CompareRequest request, StateBook? after, (ShardSlice Slice, string Path) part, Session session)
    {
        var options = request.Options with { Scratch = FolderOf(part.Path) };
        return PartCommand.Write(part.Path, request.Quiet, session, progress =>
            Sharding.Part("compare", options, rounds => Comparison.Run(options, progress, rounds, session.Cancellation), part.Slice, after, Application.Version));
    }

    /// <summary>A state's options, on this machine.</summary>
    private static CompareOptions Here(StateBook book, OptionValues values)
    {
        var options = book.About.ToOptions<CompareOptions>();
        return options with { Before = options.Before with { Device = values.Text("device") ?? options.Before.Device, Threads = (int?)values.Whole("threads"), Memory = values.Bytes("memory") } };
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static int Run(CompareRequest request, Session session)
    {
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
        var kept = new RunKeeping(folder, "compare", () => StateAbout.OptionsOf(request.Options), session) { Resumes = request.Resume, Quiet = request.Quiet, SkipsUnreadable = request.Options.Before.SkipUnreadable };
        var progress = request.Quiet ? null : new ProgressLine(session.Errors, Session.IsTerminal);
        try
        {
            // Merged states are of other runs.
            return request.Rounds is null
                ? kept.Run(rounds => Comparison.Run(request.Options, progress, rounds, session.Cancellation))
                : Comparison.Run(request.Options, progress, request.Rounds, session.Cancellation);
        }
        finally
        {
            progress?.Clear();
        }
    }
}
