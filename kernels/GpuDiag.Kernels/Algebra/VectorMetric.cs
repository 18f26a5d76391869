namespace GpuDiag.Kernels.Algebra;

/// <summary>How far two vectors are apart; the nearest come first under each.</summary>
public enum VectorMetric
{
    /// <summary>Euclidean distance.</summary>
    L2,

    /// <summary>1 − cosine of the angle, at least 0. A vector of zeros has no direction, so no distance.</summary>
    Cosine,

    /// <summary>Inner product, the largest first.</summary>
    InnerProduct,
}
