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
        using var folder = new OutputFolder(request.Out);
        using var keeping = new SearchKeeping(folder, request.Resume, request.Quiet, session.Errors);
        var progress = request.Quiet ? null : new ProgressLine(session.Errors, Session.IsTerminal);
        try
        {
            using var knn = Knn.Open(request.Options with { Log = keeping.Log }, progress, session.Cancellation);
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
                Timings = [.. run.Timings, new StageTime("write", searchAndWrite - run.Timings[^1].Seconds)],
            };
            folder.Write("run.json", stream => RunJson.Write(stream, run));
            folder.Write("summary.json", stream => KnnSummary.WriteJson(stream, result));
            keeping.Finish();
            folder.Commit();
            progress?.Clear();
            Tell(request, session, result, run, folder.Path);
            return run.Skipped.Count > 0 ? ExitCode.InputsSkipped : ExitCode.Done;
        }
        catch (OperationCanceledException)
        {
            progress?.Clear();
            keeping.Tell();
            throw;
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
