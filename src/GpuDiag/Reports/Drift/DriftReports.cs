using GpuDiag.Analyses.Drift;

namespace GpuDiag.Reports.Drift;

/// <summary>One file that a comparison leaves.</summary>
/// <param name="FileName">Without a folder.</param>
/// <param name="Holds">One line for people.</param>
internal sealed record DriftReport(string FileName, string Holds, Action<Stream, DriftOutcome, CancellationToken> Write)
{
    /// <summary>The outcome has something to put into it.</summary>
    public Func<DriftOutcome, bool> Applies { get; init; } = _ => true;
}

/// <summary>Every file that a comparison leaves, in the order of writing.</summary>
internal static class DriftReports
{
    public static IReadOnlyList<DriftReport> All { get; } =
    [
        new("columns.parquet", "every compared column with all its measures", (stream, outcome, cancel) => DriftTables.Columns.Write(stream, DriftTables.AllColumns(outcome.Results), cancel)),
        new("shares.parquet", "shares of bins and values on both sides", (stream, outcome, cancel) => DriftTables.Shares.Write(stream, DriftTables.AllShares(outcome.Results), cancel)),
        new("decomposition.parquet", "where the accuracy changed, by every segmentation", (stream, outcome, cancel) => DriftTables.Decomposition.Write(stream, DriftTables.AllCells(outcome.Results), cancel))
        {
            Applies = outcome => outcome.Results.Any(r => r.Accuracy?.Decompositions.Count > 0),
        },
        new("run.json", "version, command, columns, device, timings", (stream, outcome, _) => RunJson.Write(stream, outcome.Run)),
        new("summary.json", "everything, for machines", (stream, outcome, _) => DriftJson.Write(stream, outcome.Results, outcome.Run)),
    ];
}
