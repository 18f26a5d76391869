using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Scan;

/// <summary>What a scan gives to the reports.</summary>
/// <param name="Result">The same on every machine.</param>
/// <param name="Run">All that differs between machines and runs.</param>
/// <param name="Rows">
/// The rows table, in its order; may read the dataset as it is enumerated, so it may throw <see cref="InputException"/>
/// and is to be enumerated once.
/// </param>
public sealed record ScanOutcome(ScanResult Result, RunInfo Run, IEnumerable<RowResult> Rows)
{
    /// <summary>The neighbours of the rows that the rows table shows at most without <c>--all-rows</c>, and of the gallery's cases; null without an embedding.</summary>
    public IReadOnlyList<RowNeighbor>? Neighbors { get; init; }

    /// <summary>Rows with coordinates on the map; null where there are none.</summary>
    public MapRowSet? MapRows { get; init; }

    /// <summary>Rows to look at, in the order of choice; null where none are asked for.</summary>
    public IReadOnlyList<GalleryRow>? Gallery { get; init; }
}
