namespace GpuDiag.Kernels.Algebra;

/// <summary>Wilson's score interval for a proportion (1927). Host only.</summary>
public static class Wilson
{
    /// <summary>The normal quantile of a two-sided 95 % interval.</summary>
    public const double Z95 = 1.959963984540054;

    /// <summary>
    /// The interval for successes of n trials, within [0, 1] and exactly 0 or 1 at the ends; (0, 1) when n = 0.
    /// 0 ≤ successes ≤ n.
    /// </summary>
    public static (double Low, double High) Interval(long successes, long n, double z = Z95)
    {
        if (n == 0)
            return (0.0, 1.0);

        var square = z * z;
        var failures = n - successes;
        var middle = successes + 0.5 * square;
        var reach = z * Math.Sqrt((double)successes * failures / n + 0.25 * square);
        var total = n + square;
        return (
            successes == 0 ? 0.0 : Math.Max(0.0, (middle - reach) / total),
            failures == 0 ? 1.0 : Math.Min(1.0, (middle + reach) / total));
    }
}
