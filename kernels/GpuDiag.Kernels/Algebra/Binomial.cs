namespace GpuDiag.Kernels.Algebra;

/// <summary>The binomial distribution of n trials with success probability p. Host only.</summary>
public static class Binomial
{
    /// <summary>P(X = k); 0 outside 0 … n.</summary>
    public static double Pmf(long k, long n, double p)
    {
        if (k < 0 || k > n)
            return 0.0;
        if (p <= 0.0)
            return k == 0 ? 1.0 : 0.0;
        if (p >= 1.0)
            return k == n ? 1.0 : 0.0;
        if (k == 0)
            return Deterministic.Exp(n * LogOfComplement(p));
        if (k == n)
            return Deterministic.Exp(n * Deterministic.Log(p));
        return Beta.Mass(k, n - k, p, 1.0 - p);
    }

    /// <summary>P(X ≤ k).</summary>
    public static double Cdf(long k, long n, double p) => k < 0 ? 0.0 : k >= n ? 1.0 : Beta.Complement(k + 1.0, n - k, p);

    /// <summary>P(X &gt; k).</summary>
    public static double Sf(long k, long n, double p) => k < 0 ? 1.0 : k >= n ? 0.0 : Beta.Regularized(k + 1.0, n - k, p);

    /// <summary>
    /// The exact two-sided test of k successes: the probability of all outcomes no likelier than k, as scipy's binomtest
    /// counts them (within a relative 1e−7 of equal counts as equal).
    /// </summary>
    public static double PValueTwoSided(long k, long n, double p)
    {
        var limit = Pmf(k, n, p) * (1.0 + 1e-7);
        var mode = Math.Clamp((long)Math.Floor((n + 1) * p), 0, n);
        if (k == mode)
            return 1.0;

        // Beyond the mode the probabilities fall, so the far side's first outcome to count is found by bisection.
        if (k < mode)
        {
            var (none, some) = (mode, n + 1);
            while (some - none > 1)
            {
                var middle = none + (some - none) / 2;
                (none, some) = Pmf(middle, n, p) <= limit ? (none, middle) : (middle, some);
            }

            return Math.Min(1.0, Cdf(k, n, p) + Sf(some - 1, n, p));
        }

        var (least, most) = (-1L, mode);
        while (most - least > 1)
        {
            var middle = least + (most - least) / 2;
            (least, most) = Pmf(middle, n, p) <= limit ? (middle, most) : (least, middle);
        }

        return Math.Min(1.0, Sf(k - 1, n, p) + Cdf(least, n, p));
    }

    /// <summary>ln(1 − p) for 0 ≤ p &lt; 1, with the rounding of 1 − p made good.</summary>
    internal static double LogOfComplement(double p)
    {
        var y = 1.0 - p;
        return Deterministic.Log(y) + ((1.0 - y) - p) / y;
    }
}
