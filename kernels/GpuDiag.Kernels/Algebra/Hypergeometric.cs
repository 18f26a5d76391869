namespace GpuDiag.Kernels.Algebra;

/// <summary>The successes among draws taken without replacement from good and bad items. Host only.</summary>
public static class Hypergeometric
{
    /// <summary>P(X = k); 0 outside the support.</summary>
    public static double Pmf(long k, long good, long bad, long draws)
    {
        if (k < Math.Max(0, draws - bad) || k > Math.Min(good, draws))
            return 0.0;

        var total = good + bad;
        if (draws == 0 || draws == total)
            return 1.0;

        // Loader: with any p the ratio is the same; draws/total keeps all three factors near their modes.
        var p = (double)draws / total;
        return Binomial.Pmf(k, good, p) * Binomial.Pmf(draws - k, bad, p) / Binomial.Pmf(draws, total, p);
    }

    /// <summary>
    /// P(X ≤ k), relative error below 1e−11. Sums outward from k, away from the mode, until a term no longer counts:
    /// some tens of standard deviations of X at most.
    /// </summary>
    public static double Cdf(long k, long good, long bad, long draws)
    {
        var least = Math.Max(0, draws - bad);
        var most = Math.Min(good, draws);
        if (k < least)
            return 0.0;
        if (k >= most)
            return 1.0;

        var mode = (good + 1.0) * (draws + 1.0) / (good + bad + 2.0);
        return k < mode ? Below(k, good, bad, draws, least) : 1.0 - Above(k + 1, good, bad, draws, most);
    }

    private static double Below(long k, long good, long bad, long draws, long least)
    {
        var sum = 1.0;
        var term = 1.0;
        for (var x = k; x > least && term > sum * 1e-17; x--)
        {
            term *= (double)x * (bad - draws + x) / ((good - x + 1.0) * (draws - x + 1.0));
            sum += term;
        }

        return Math.Min(1.0, Pmf(k, good, bad, draws) * sum);
    }

    private static double Above(long k, long good, long bad, long draws, long most)
    {
        var sum = 1.0;
        var term = 1.0;
        for (var x = k; x < most && term > sum * 1e-17; x++)
        {
            term *= (double)(good - x) * (draws - x) / ((x + 1.0) * (bad - draws + x + 1.0));
            sum += term;
        }

        return Math.Min(1.0, Pmf(k, good, bad, draws) * sum);
    }
}
