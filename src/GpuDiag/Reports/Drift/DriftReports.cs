using GpuDiag.Analyses.Drift;

namespace GpuDiag.Reports.Drift;

/// <summary>The tables that a comparison leaves.</summary>
internal static class DriftReports
{
    public static IReadOnlyList<DriftReport> Tables { get; } =
    [
        new("columns.parquet", "every compared column with all its measures", _ => true, (stream, results, cancel) => DriftTables.Columns.Write(stream, DriftTables.AllColumns(results), cancel)),
        new("shares.parquet", "shares of bins and values on both sides", _ => true, (stream, results, cancel) => DriftTables.Shares.Write(stream, DriftTables.AllShares(results), cancel)),
        new("decomposition.parquet", "where the accuracy changed, by every segmentation", results => results.Any(r => r.Accuracy?.Decompositions.Count > 0), (stream, results, cancel) => DriftTables.Decomposition.Write(stream, DriftTables.AllCells(results), cancel)),
    ];
}

/// <summary>One table.</summary>
internal sealed record DriftReport(string FileName, string Holds, Func<IReadOnlyList<DriftResult>, bool> Applies, Action<Stream, IReadOnlyList<DriftResult>, CancellationToken> Write);
