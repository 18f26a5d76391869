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
    /// <summary>The neighbours of the rows that the rows table shows at most without <c>--all-rows</c>; null without an embedding.</summary>
    public IReadOnlyList<RowNeighbor>? Neighbors { get; init; }
}
