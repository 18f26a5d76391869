namespace GpuDiag.Kernels.Algebra;

/// <summary>ln Γ and its relatives, by Stirling's series. Host only; operators are safe there, the JIT never fuses them.</summary>
public static class LogGamma
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>
    /// ln Γ(x) for x &gt; 0; error below 2e−14, absolute or relative, whichever is larger. x ≤ 0 → NaN, +∞ → +∞.
    /// </summary>
    public static double Of(double x)
    {
        if (!(x > 0.0))
            return double.NaN;
        if (double.IsPositiveInfinity(x))
            return x;

        var product = 1.0;
        while (x < 16.0)
        {
            product *= x;
            x += 1.0;
        }

        var value = (x - 0.5) * Deterministic.Log(x) - x + HalfLogTwoPi + Series(x);
        return product == 1.0 ? value : value - Deterministic.Log(product);
    }

    /// <summary>
    /// ln n! − (n + ½)·ln n + n − ln √(2π), what Stirling's formula leaves out, for n &gt; 0 (Loader, "Fast and accurate
    /// computation of binomial probabilities", 2000).
    /// </summary>
    public static double StirlingError(double n) =>
        n >= 16.0 ? Series(n) : Of(n + 1.0) - (n + 0.5) * Deterministic.Log(n) + n - HalfLogTwoPi;

    private static double Series(double x)
    {
        var z = 1.0 / (x * x);
        return (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z * (1.0 / 1188 - z * (691.0 / 360360)))))) / x;
    }
}
