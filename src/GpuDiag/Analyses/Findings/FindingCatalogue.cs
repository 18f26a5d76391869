using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Findings;

/// <summary>The rules, in order. A new kind of finding is one more line here.</summary>
internal static class FindingCatalogue
{
    private static readonly Func<FindingInput, IEnumerable<Finding>>[] Rules =
    [
        PipelineFindings.All,
        DataFindings.ExcludedRows,
        DataFindings.BadSums,
        NeighborFindings.Leaks,
        FitFindings.All,
        DataFindings.UntrainedClasses,
        LabelFindings.Issues,
        ClassFindings.WorseThanMajority,
        SegmentFindings.Underperforming,
        SliceFindings.Underperforming,
        ClusterFindings.Underperforming,
        ClassFindings.NeverPredicted,
        ClassFindings.LowRecall,
        ClassFindings.DominantConfusion,
        CalibrationFindings.Miscalibrated,
        NeighborFindings.Contradicted,
        NeighborFindings.Conflicts,
        NeighborFindings.Outliers,
        NeighborFindings.Duplicates,
        NeighborFindings.Ordered,
    ];

    /// <summary>Most severe first; within a severity in the order of the rules.</summary>
    public static IReadOnlyList<Finding> Find(FindingInput input) =>
        [.. Rules.SelectMany(rule => rule(input)).OrderBy(f => Array.IndexOf(Severity.Order, f.Severity))];
}
