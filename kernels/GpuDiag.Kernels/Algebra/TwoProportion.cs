namespace GpuDiag.Kernels.Algebra;

/// <summary>Is a group's success rate lower than the rest's? Host only.</summary>
public static class TwoProportion
{
    /// <summary>
    /// One-sided p-value of H1: successes/n is below restSuccesses/restN. Where an expected cell of the 2×2 table is
    /// below 5 (or a margin is 0) by Fisher's exact test, else by the pooled z-test without continuity correction.
    /// 1 when either side is empty. Cost: one normal tail, or a sum of at most a few hundred terms.
    /// </summary>
    public static double PValueLower(long successes, long n, long restSuccesses, long restN)
    {
        if (n == 0 || restN == 0)
            return 1.0;

        var good = successes + restSuccesses;
        var total = (double)n + restN;
        var bad = total - good;
        if (good == 0 || bad == 0.0)
            return 1.0;
        if (Math.Min(good, bad) * Math.Min(n, restN) < 5.0 * total)
            return Hypergeometric.Cdf(successes, good, (long)bad, n);

        var pooled = good / total;
        var spread = Math.Sqrt(pooled * (bad / total) * (1.0 / n + 1.0 / restN));
        return Normal.Sf(((double)restSuccesses / restN - (double)successes / n) / spread);
    }
}
