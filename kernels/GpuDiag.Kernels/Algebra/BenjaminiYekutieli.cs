namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// q-values that control the false discovery rate under any dependence between the tests (Benjamini and Yekutieli,
/// 2001): those of <see cref="BenjaminiHochberg"/> times Σ 1/i, at most 1. Host only.
/// </summary>
public static class BenjaminiYekutieli
{
    /// <summary>The q-value of each p-value, in the same places; ties and NaN as in <see cref="BenjaminiHochberg"/>.</summary>
    public static double[] QValues(ReadOnlySpan<double> p) => BenjaminiHochberg.QValues(p, dependent: true);
}
