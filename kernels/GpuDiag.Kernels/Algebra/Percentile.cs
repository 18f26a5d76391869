namespace GpuDiag.Kernels.Algebra;

/// <summary>Percentiles of sorted values by linear interpolation, numpy's default. Host only.</summary>
public static class Percentile
{
    /// <summary>The q-th quantile (0 ≤ q ≤ 1) of values in ascending order, with numpy's bits; NaN when there are none.</summary>
    public static double OfSorted(ReadOnlySpan<double> sorted, double q)
    {
        if (sorted.IsEmpty)
            return double.NaN;

        var position = (sorted.Length - 1) * q;
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, sorted.Length - 1);
        var t = position - below;
        var step = sorted[above] - sorted[below];
        return t < 0.5 ? sorted[below] + step * t : sorted[above] - step * (1.0 - t);
    }
}
