namespace GpuDiag.Analyses.Labels;

/// <summary>Which rows are label issues; definitions in docs/labels.md. Named as users of the reference implementation know them.</summary>
public enum LabelFilter
{
    /// <summary>Per given class and guess as many rows as the joint estimates, those with the largest margin for the guess.</summary>
    PruneByNoiseRate,

    /// <summary>Per given class as many rows as the joint estimates, those with the lowest probability of the label.</summary>
    PruneByClass,

    /// <summary>Rows of both of the above.</summary>
    Both,

    /// <summary>Rows confidently of another class than their label.</summary>
    ConfidentLearning,

    /// <summary>Rows whose arg max is another class than their label.</summary>
    PredictedNeqGiven,

    /// <summary>As many rows as are confidently of another class, those with the lowest self-confidence.</summary>
    LowSelfConfidence,

    /// <summary>As many rows as are confidently of another class, those with the lowest normalised margin.</summary>
    LowNormalizedMargin,
}
