namespace GpuDiag.Analyses.Slices;

/// <summary>What a slice is to have much of: a value of each row, 0 or more.</summary>
public enum SliceObjective
{
    /// <summary>1 for a wrong prediction, else 0.</summary>
    Error,

    /// <summary>−ln p of the true class, as in the log-loss.</summary>
    Loss,

    /// <summary>Confidence − correct where that is positive: the confidence of a wrong prediction, 0 for a right one.</summary>
    Calibration,
}
