namespace GpuDiag.Analyses.Causes;

/// <summary>Why a row is mispredicted, in the order in which evidence decides: the first that a row shows is its cause.</summary>
internal enum Cause
{
    Pipeline,
    DuplicateConflict,
    LabelError,
    OutOfDistribution,
    Rare,
    DriftedSegment,
    WeakSegment,
    Ambiguous,
    OverconfidentBoundary,
    Unexplained,
}
