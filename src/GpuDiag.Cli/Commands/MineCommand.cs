using GpuDiag.Analyses.Mining;
using GpuDiag.Analyses.Scan;
using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Reports.Html;
using GpuDiag.Reports.Mining;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag mine</c>: the rows of a pool that are most worth a label.</summary>
internal static class MineCommand
{
    public static CommandSpec Spec { get; } = new("mine", "", "Find the unlabelled rows that are most worth a label")
    {
        Details = "Chooses rows of the pool that are like the failures, of which the model is unsure, and that differ from each other and from the training set; the budget is shared among the clusters of failures by severity. Exact, and the same bytes on any machine.",
        Groups = [MineOptionGroups.Data, MineOptionGroups.Roles, MineOptionGroups.Files, OptionCatalog.Parts, MineOptionGroups.Machinery],
        Examples =
        [
            ("gpudiag mine --cases gpudiag-out --pool pool.parquet --train train.parquet --budget 1000", "A scan's failures; nothing that train has already"),
            ("gpudiag mine --cases hard.parquet --pool 'pool/*.parquet' --budget 500 --export csv", "Rows of a table that should go better; a list for people"),
            ("gpudiag mine --pool pool.parquet --budget 500 --strategy margin", "To compare with: the rows of which the model is least sure"),
        ],
        Run = Run,
        Merge = Merge,
        Check = values => MineParts.CheckShared(MineRequest.From(values, Spec!).Options),
        PartsResume = true,
    };

    public static int Run(OptionValues values, Session session)
    {
        var request = MineRequest.From(values, Spec);
        if (PartCommand.Asked(values) is not var (slice, path))
            return Run(request, session, session.Command);
        MineParts.CheckShared(request.Options);
        var options = request.Options with { Scratch = values.Text("scratch") ?? Path.GetDirectoryName(Path.GetFullPath(path)) };
        return SearchKeeping.WhilePart(path, request.Resume, request.Quiet, session, (progress, log) =>
            MineParts.Make(options with { Log = log }, request.CaseNames, request.Exports, slice, Application.Version, progress, session.Cancellation));
    }

    public static int Run(MineRequest request, Session session, string commandLine) => Run(request, session, commandLine, Mine.Open);

    /// <summary>Makes the choice by what parts found.</summary>
    public static int Merge(MergeRequest merge)
    {
        var parts = merge.Parts();
        return Run(MineRequest.Of(merge.Values, parts[0]), merge.Session, merge.Session.Command, (options, progress, cancel) => Mine.Merge(options, new MineParts(parts), progress, cancel));
    }

    private static int Run(MineRequest request, Session session, string commandLine, Func<MineOptions, IProgress<ScanProgress>?, CancellationToken, Mine> open)
    {
        using var folder = new OutputFolder(request.Out);
        ReportPreparation.Start();
        using var keeping = SearchKeeping.In(folder, request.Resume, request.Quiet, session.Errors);
        var progress = request.Quiet ? null : new ProgressLine(session.Errors, Session.IsTerminal);
        try
        {
            using var mine = open(request.Options with { Log = keeping.Log }, progress, session.Cancellation);
            var result = mine.Run();
            var run = mine.Info() with { Version = Application.Version, Command = commandLine, Started = session.Started };
            foreach (string name in MineExport.Names)
            {
                if (request.Exports.Contains(name))
                    folder.Write(MineExport.FileName(name), stream => MineExport.Write(name, stream, result, session.Cancellation));
                else
                    folder.Remove(MineExport.FileName(name));
            }
            folder.Write("run.json", stream => RunJson.Write(stream, run));
            folder.Write("summary.json", stream => MineSummary.WriteJson(stream, result, run));
            HtmlReport.Write(folder, session.Cancellation);
            session.Cancellation.ThrowIfCancellationRequested();
            keeping.Finish();
            folder.Commit();
            progress?.Clear();
            if (request.Json || request.Quiet)
            {
                foreach (var skipped in run.Skipped)
                    session.Errors.WriteLine($"gpudiag: skipped {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}");
            }
            if (request.Json)
                MineSummary.WriteJson(session.Output.BaseStream, result, run);
            else if (!request.Quiet)
                MineSummary.WriteText(session.Output, Session.Palette, result, run, [.. MineExport.Names.Where(request.Exports.Contains).Select(MineExport.FileName)], folder.Path, session.Elapsed);
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
}
