namespace GpuDiag.Analyses.Results;

/// <summary>Why rows are mispredicted: every error has one cause, so counts add up to the errors.</summary>
/// <param name="Errors">Rows whose prediction is not their label.</param>
/// <param name="LearntFrom">Rows by which rarity was judged: "train" (a training set), "split" (the data's own training rows) or "data".</param>
/// <param name="Causes">All causes, in the order in which evidence decides.</param>
/// <param name="Groups">The same per class, segment value and cluster, those without errors left out.</param>
public sealed record CauseResult(long Errors, string LearntFrom, IReadOnlyList<CauseCount> Causes, IReadOnlyList<CauseGroup> Groups)
{
    /// <summary>Labelled rows that the model learnt from, by class; null where they are the data, or have no labels.</summary>
    public IReadOnlyList<(string Class, long Rows)>? Learnt { get; init; }
}

/// <summary>The errors of one cause.</summary>
/// <param name="Cause">Its name.</param>
/// <param name="Meaning">For people.</param>
/// <param name="Share">Of all errors, with Wilson's interval.</param>
/// <param name="Rows">The worst, by loss (without one, by confidence), then by row.</param>
public sealed record CauseCount(string Cause, string Meaning, long Errors, Estimate Share, IReadOnlyList<long> Rows);

/// <summary>The errors of one group by cause.</summary>
/// <param name="Group">"class", "segment", "slice" or "cluster".</param>
/// <param name="Column">Of a segment; else null.</param>
/// <param name="Value">The class, the segment's value (null for missing), the slice or the number of the cluster.</param>
/// <param name="Errors">In all.</param>
/// <param name="Counts">Per cause, in their order.</param>
public sealed record CauseGroup(string Group, string? Column, string? Value, long Errors, IReadOnlyList<long> Counts);
