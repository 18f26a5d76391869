namespace GpuDiag.Analyses.Mining;

/// <summary>By what pool rows are ranked.</summary>
public enum MineStrategy
{
    /// <summary>Like the failures, uncertain, unlike each other and unlike the training set; quotas by cluster.</summary>
    Failures,
    /// <summary>Keyed by row number and seed.</summary>
    Random,
    /// <summary>1 − the greatest probability.</summary>
    LeastConfidence,
    /// <summary>1 − (the greatest probability − the second).</summary>
    Margin,
    /// <summary>−Σ p ln p.</summary>
    Entropy,
    /// <summary>Greedy k-center (Sener and Savarese, 2018): each next row is the one farthest from all chosen ones and from the training set.</summary>
    KCenter,
}
