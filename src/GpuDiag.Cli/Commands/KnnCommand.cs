using System.Diagnostics;
using GpuDiag.Analyses.Neighbors;
using GpuDiag.Analyses.Scan;
using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Reports.Tables;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag knn</c>: the table of neighbours is written while they are found.</summary>
internal static class KnnCommand
{
    public static int Run(OptionValues values, Session session)
    {
        var request = KnnRequest.From(values, CommandCatalog.Knn);
        if (PartCommand.Asked(values) is var (slice, path))
        {
            var options = request.Options with { Scratch = values.Text("scratch") ?? Path.GetDirectoryName(Path.GetFullPath(path)) };
            return SearchKeeping.WhilePart(path, request.Resume, request.Quiet, session, (progress, log) =>
                KnnParts.Make(options with { Log = log }, slice, Application.Version, progress, session.Cancellation));
        }
        using var folder = new OutputFolder(request.Out);
        using var keeping = SearchKeeping.In(folder, request.Resume, request.Quiet, session.Errors);
        try
        {
            return Write(request, folder, session, progress => Knn.Open(request.Options with { Log = keeping.Log }, progress, session.Cancellation), keeping.Finish);
        }
        catch (OperationCanceledException)
        {
            keeping.Tell();
            throw;
        }
    }

    /// <summary>Makes the result of parts.</summary>
    public static int Merge(MergeRequest merge)
    {
        var parts = merge.Parts();
        var values = merge.Values;
        var options = parts[0].About.ToOptions<KnnOptions>() with { Threads = (int?)values.Whole("threads"), Memory = values.Bytes("memory") };
        var request = KnnRequest.Of(values, options);
        using var folder = new OutputFolder(request.Out);
        folder.Remove(PieceLog.FileName);
        return Write(request, folder, merge.Session, _ => Knn.Merge(options, parts, merge.Session.Cancellation), () => { });
    }

    private static int Write(KnnRequest request, OutputFolder folder, Session session, Func<ProgressLine?, Knn> open, Action written)
    {
        var progress = request.Quiet ? null : new ProgressLine(session.Errors, Session.IsTerminal);
        try
        {
            using var knn = open(progress);
            long start = Stopwatch.GetTimestamp();
            var table = ResultTables.Knn(knn.QueryId, knn.NeighborId);
            folder.Write("neighbors.parquet", stream => table.Write(stream, knn.Rows(), session.Cancellation));
            double searchAndWrite = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var result = knn.Finish();
            var run = knn.Run();
            run = run with
            {
                Version = Application.Version,
                Command = session.Command,
                Started = session.Started,
                Timings = [.. run.Timings, new StageTime("write", searchAndWrite - (run.Timings.FirstOrDefault(t => t.Stage == "search")?.Seconds ?? 0))],
            };
            folder.Write("run.json", stream => RunJson.Write(stream, run));
            folder.Write("summary.json", stream => KnnSummary.WriteJson(stream, result));
            written();
            folder.Commit();
            progress?.Clear();
            Tell(request, session, result, run, folder.Path);
            return run.Skipped.Count > 0 ? ExitCode.InputsSkipped : ExitCode.Done;
        }
        finally
        {
            progress?.Clear();
        }
    }

    private static void Tell(KnnRequest request, Session session, KnnResult result, RunInfo run, string folder)
    {
        if (request.Json || request.Quiet)
        {
            foreach (var skipped in run.Skipped)
                session.Errors.WriteLine($"gpudiag: skipped {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}");
        }
        if (request.Json)
            KnnSummary.WriteJson(session.Output.BaseStream, result);
        else if (!request.Quiet)
            KnnSummary.WriteText(session.Output, Session.Palette, result, run, folder, session.Elapsed);
    }
}
