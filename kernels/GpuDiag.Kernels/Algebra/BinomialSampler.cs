namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Exact draws from binomial distributions, a pure function of the stream's key and position. Host only.
/// Inversion where n·min(p, 1−p) &lt; 10, else BTRS: transformed rejection with squeeze (Hörmann, "The generation of
/// binomial random variates", 1993), about 1.15 pairs of uniforms per draw whatever n.
/// </summary>
public static class BinomialSampler
{
    /// <summary>The number of successes in n ≥ 0 trials of probability p; p outside [0, 1] counts as the nearer end.</summary>
    public static long Draw(long n, double p, ref PhiloxStream stream)
    {
        if (n <= 0 || !(p > 0.0))
            return 0;
        if (p >= 1.0)
            return n;
        if (p > 0.5)
            return n - DrawRare(n, 1.0 - p, ref stream);
        return DrawRare(n, p, ref stream);
    }

    private static long DrawRare(long n, double p, ref PhiloxStream stream) =>
        n * p < 10.0 ? Invert(n, p, ref stream) : Reject(n, p, ref stream);

    private static long Invert(long n, double p, ref PhiloxStream stream)
    {
        var odds = p / (1.0 - p);
        var scaled = (n + 1.0) * odds;
        var none = Deterministic.Exp(n * Binomial.LogOfComplement(p));

        // 64 standard deviations out nothing is left but what rounding took from the sum: draw again.
        var last = Math.Min(n, (long)(n * p + 64.0 * Math.Sqrt(n * p + 1.0)));
        while (true)
        {
            var u = stream.NextUnit();
            var mass = none;
            for (var k = 0L; k <= last; k++)
            {
                if (u <= mass)
                    return k;
                u -= mass;
                mass *= scaled / (k + 1) - odds;
            }
        }
    }

    private static long Reject(long n, double p, ref PhiloxStream stream)
    {
        var q = 1.0 - p;
        var spread = Math.Sqrt(n * p * q);
        var b = 1.15 + 2.53 * spread;
        var a = -0.0873 + 0.0248 * b + 0.01 * p;
        var centre = n * p + 0.5;
        var surely = 0.92 - 4.2 / b;
        while (true)
        {
            var u = stream.NextUnit() - 0.5;
            var v = stream.NextUnit();
            var edge = 0.5 - Math.Abs(u);
            var k = Math.Floor((2.0 * a / edge + b) * u + centre);
            if (edge >= 0.07 && v <= surely)
                return (long)k;
            if (k < 0.0 || k > n)
                continue;

            var odds = p / q;
            var mode = Math.Floor((n + 1.0) * p);
            var height = v * (2.83 + 5.1 / b) * spread / (a / (edge * edge) + b);
            var bound = (mode + 0.5) * Deterministic.Log((mode + 1.0) / (odds * (n - mode + 1.0)))
                + (n + 1.0) * Deterministic.Log((n - mode + 1.0) / (n - k + 1.0))
                + (k + 0.5) * Deterministic.Log(odds * (n - k + 1.0) / (k + 1.0))
                + Tail(mode) + Tail(n - mode) - Tail(k) - Tail(n - k);
            if (Deterministic.Log(height) <= bound)
                return (long)k;
        }
    }

    /// <summary>ln k! less Stirling's formula in the form ln √(2π) + (k + ½)·ln(k + 1) − (k + 1).</summary>
    private static double Tail(double k)
    {
        if (k > 9.0)
        {
            var z = 1.0 / ((k + 1.0) * (k + 1.0));
            return (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260))) / (k + 1.0);
        }

        ReadOnlySpan<double> small =
        [
            0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119,
            0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.008330563433362871,
        ];
        return small[(int)k];
    }
}
