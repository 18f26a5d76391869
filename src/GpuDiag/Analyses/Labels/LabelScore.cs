namespace GpuDiag.Analyses.Labels;

/// <summary>How good a label is, from 0, worst, to 1; definitions in docs/labels.md.</summary>
public enum LabelScore
{
    /// <summary>The probability of the label.</summary>
    SelfConfidence,

    /// <summary>The margin of the label over the best other class, from [−1, 1] to [0, 1].</summary>
    NormalizedMargin,

    /// <summary>ln(1 + s)/s of s = the row's entropy over that of a uniform one, divided by the probability of the label.</summary>
    ConfidenceWeightedEntropy,
}
