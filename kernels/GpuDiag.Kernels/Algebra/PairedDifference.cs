namespace GpuDiag.Kernels.Algebra;

/// <summary>The difference of two proportions of the same rows. Host only.</summary>
public static class PairedDifference
{
    /// <summary>
    /// The interval of (c − b)/n, c rows being successes only after and b only before, by Bonett and Price (2012): Wald's
    /// with b + 1, c + 1 and n + 2 for b, c and n, so that it has a width without discordant rows too. Within [−1, 1]; (−1, 1) when n = 0.
    /// </summary>
    public static (double Low, double High) Interval(long onlyBefore, long onlyAfter, long n, double z = Wilson.Z95)
    {
        if (n == 0)
            return (-1.0, 1.0);

        var total = n + 2.0;
        var before = (onlyBefore + 1.0) / total;
        var after = (onlyAfter + 1.0) / total;
        var difference = after - before;
        var reach = z * Math.Sqrt((before + after - difference * difference) / total);
        return (Math.Max(-1.0, difference - reach), Math.Min(1.0, difference + reach));
    }
}
