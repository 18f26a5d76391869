using GpuDiag.Analyses.Scan;
using GpuDiag.Reports.Tables;

namespace GpuDiag.Reports;

/// <summary>Every file that a scan leaves, in the order of writing. One more report is one more line.</summary>
internal static class ReportCatalog
{
    // summary.json comes last into its place: a script that waits for it finds the tables there.
    public static IReadOnlyList<IReport> All { get; } =
    [
        new Report("classes.parquet", "every class", (stream, outcome, cancellation) => ResultTables.Classes.Write(stream, outcome.Result.Classes, cancellation)),
        new Report("confusions.parquet", "every pair of classes that is confused", (stream, outcome, cancellation) => ResultTables.Confusions.Write(stream, outcome.Result.Confusions, cancellation)),
        new Report("segments.parquet", "every segment with all its metrics", (stream, outcome, cancellation) => ResultTables.Segments(outcome.Result.Segments).Write(stream, outcome.Result.Segments, cancellation)),
        new Report("slices.parquet", "the worst combinations of values", (stream, outcome, cancellation) => ResultTables.Slices.Write(stream, outcome.Result.Slices!.Slices, cancellation))
        {
            Needs = outcome => outcome.Result.Slices is not null,
        },
        new Report("clusters.parquet", "every cluster of the embedding with its errors", (stream, outcome, cancellation) => ResultTables.Clusters.Write(stream, outcome.Result.Clusters!, cancellation))
        {
            Needs = outcome => outcome.Result.Clusters is not null,
        },
        new Report("rows.parquet", "the rows to look at, in the order of the data", (stream, outcome, cancellation) => ResultTables.Rows.Write(stream, outcome.Rows, cancellation)),
        new Report("neighbors.parquet", "the nearest neighbours of these rows", (stream, outcome, cancellation) => ResultTables.RowNeighbors.Write(stream, outcome.Neighbors!, cancellation))
        {
            Needs = outcome => outcome.Neighbors is not null,
        },
        new Report("gallery.parquet", "rows to look at, by what is wrong with them", (stream, outcome, cancellation) => GalleryTable.Of(outcome.Result.Gallery!.Meta).Write(stream, outcome.Gallery!, cancellation))
        {
            Needs = outcome => outcome.Gallery is not null,
        },
        new Report("map.parquet", "rows with their place on the map", (stream, outcome, cancellation) => MapTable.Of(outcome.MapRows!.Meta).Write(stream, outcome.MapRows!.Rows, cancellation))
        {
            Needs = outcome => outcome.MapRows is not null,
        },
        new Report("curves.parquet", "ROC and precision-recall curves", (stream, outcome, cancellation) => RankTables.Curves.Write(stream, outcome.Result.Curves!.Points, cancellation))
        {
            Needs = outcome => outcome.Result.Curves is not null,
        },
        new Report("fit.parquet", "the metrics of each split, and whether each class is overfit", (stream, outcome, cancellation) => FitTables.Lines.Write(stream, FitTables.Of(outcome.Result.Fit!), cancellation))
        {
            Needs = outcome => outcome.Result.Fit is not null,
        },
        new Report("pipeline.parquet", "every check of the pipeline", (stream, outcome, cancellation) => FitTables.Checks.Write(stream, outcome.Result.Pipeline!.Checks, cancellation))
        {
            Needs = outcome => outcome.Result.Pipeline is not null,
        },
        new Report("causes.parquet", "why rows are mispredicted, per class, segment and cluster", (stream, outcome, cancellation) => CauseTables.Causes(outcome.Result.Causes!).Write(stream, CauseTables.Groups(outcome.Result.Causes!), cancellation))
        {
            Needs = outcome => outcome.Result.Causes is not null,
        },
        new Report("actions.parquet", "what to do, greatest gain first", (stream, outcome, cancellation) => CauseTables.Actions.Write(stream, outcome.Result.Actions, cancellation)),
        new Report("run.json", "version, command, roles, device, timings", (stream, outcome, _) => RunJson.Write(stream, outcome.Run)),
        new Report("summary.json", "everything, for machines", (stream, outcome, _) => SummaryJson.Write(stream, outcome.Result, outcome.Run)),
    ];

    private sealed record Report(string FileName, string Holds, Action<Stream, ScanOutcome, CancellationToken> Writer) : IReport
    {
        public Func<ScanOutcome, bool> Needs { get; init; } = _ => true;

        public bool Applies(ScanOutcome outcome) => Needs(outcome);

        public void Write(Stream stream, ScanOutcome outcome, CancellationToken cancellation) => Writer(stream, outcome, cancellation);
    }
}
