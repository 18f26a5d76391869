namespace GpuDiag.Kernels.Algebra;

/// <summary>p-values of the two-sample Kolmogorov–Smirnov test, two-sided, the same bits on every machine. Host only.</summary>
public static class KolmogorovSmirnov
{
    /// <summary>Products of the sample sizes up to which a p-value is exact.</summary>
    public const long MostExact = 4_000_000;

    /// <summary>
    /// P(D ≥ statistic / (n·m)) for samples of n and m values, where the statistic is max |m·i − n·j|, a whole number.
    /// Exact, for values without ties, where n·m is at most <see cref="MostExact"/>; beyond by Kolmogorov's limit at
    /// √(nm/(n+m))·D. With ties it is never below the true probability. 1 where a sample is empty.
    /// </summary>
    public static double PValue(Int128 statistic, long n, long m)
    {
        if (n == 0 || m == 0 || statistic <= 0)
            return 1.0;
        if ((Int128)n * m <= MostExact)
            return Exact((long)statistic, (int)n, (int)m);
        var d = (double)statistic / n / m;
        return LimitSf(d * Math.Sqrt(n / ((double)n + m) * m));
    }

    /// <summary>Kolmogorov's limiting distribution: P(K &gt; x). x ≤ 0 → 1. Relative error below 1e−13.</summary>
    public static double LimitSf(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (x <= 0.0)
            return 1.0;
        var sum = 0.0;
        if (x < 1.0)
        {
            // Jacobi's theta form; the alternating one cancels here.
            var step = Math.PI * Math.PI / (8.0 * x * x);
            for (var k = 7; k >= 1; k -= 2)
                sum += Deterministic.Exp(-step * k * k);
            return Math.Max(0.0, 1.0 - Math.Sqrt(2.0 * Math.PI) / x * sum);
        }

        for (var k = 6; k >= 1; k--)
            sum = Deterministic.Exp(-2.0 * x * x * k * k) - sum;
        return Math.Min(1.0, 2.0 * sum);
    }

    /// <summary>
    /// The share of the lattice paths from (0, 0) to (n, m) that reach |m·i − n·j| ≥ statistic, by the last step of a random
    /// path: from (i−1, j) with probability i/(i+j). Only positive terms, so small probabilities keep their digits.
    /// </summary>
    private static double Exact(long statistic, int n, int m)
    {
        var reached = new double[m + 1];
        for (var j = 1; j <= m; j++)
            reached[j] = (long)n * j >= statistic ? 1.0 : reached[j - 1];
        for (var i = 1; i <= n; i++)
        {
            reached[0] = (long)m * i >= statistic ? 1.0 : reached[0];
            for (var j = 1; j <= m; j++)
            {
                var outside = Math.Abs((long)m * i - (long)n * j) >= statistic;
                reached[j] = outside ? 1.0 : (i * reached[j] + j * reached[j - 1]) / (i + j);
            }
        }

        return reached[m];
    }
}
