namespace GpuDiag.Kernels.Algebra;

/// <summary>The regularized incomplete beta function, the same bits on every machine. Host only.</summary>
public static class Beta
{
    /// <summary>
    /// I_x(a, b) for a, b &gt; 0: relative error below 1e−12 where a + b ≤ 10^6. x ≤ 0 → 0, x ≥ 1 → 1, NaN → NaN.
    /// Cost: O(√(a + b)) steps of the continued fraction.
    /// </summary>
    public static double Regularized(double a, double b, double x)
    {
        if (double.IsNaN(x) || !(a > 0.0) || !(b > 0.0))
            return double.NaN;
        if (x <= 0.0)
            return 0.0;
        if (x >= 1.0)
            return 1.0;
        return x * (a + b + 2.0) <= a + 1.0 ? Small(a, b, x, 1.0 - x) : 1.0 - Small(b, a, 1.0 - x, x);
    }

    /// <summary>1 − I_x(a, b), without the cancellation.</summary>
    public static double Complement(double a, double b, double x)
    {
        if (double.IsNaN(x) || !(a > 0.0) || !(b > 0.0))
            return double.NaN;
        if (x <= 0.0)
            return 1.0;
        if (x >= 1.0)
            return 0.0;
        return x * (a + b + 2.0) <= a + 1.0 ? 1.0 - Small(a, b, x, 1.0 - x) : Small(b, a, 1.0 - x, x);
    }

    /// <summary>
    /// x^a·y^b·Γ(a+b+1) / (Γ(a+1)·Γ(b+1)) with y = 1 − x, a, b &gt; 0: Loader's saddle-point form, in which nothing large
    /// cancels. For integers it is the binomial probability of a successes in a + b trials.
    /// </summary>
    internal static double Mass(double a, double b, double x, double y)
    {
        var n = a + b;
        var exponent = LogGamma.StirlingError(n) - LogGamma.StirlingError(a) - LogGamma.StirlingError(b) - Deviance(a, n * x) - Deviance(b, n * y);
        return Deterministic.Exp(exponent) * Math.Sqrt(n / (2.0 * Math.PI * a * b));
    }

    /// <summary>k·ln(k/mean) + mean − k, accurate where k is near mean (Loader's bd0).</summary>
    internal static double Deviance(double k, double mean)
    {
        var difference = k - mean;
        if (Math.Abs(difference) >= 0.1 * (k + mean))
            return k * Deterministic.Log(k / mean) - difference;

        var v = difference / (k + mean);
        var sum = difference * v;
        var term = 2.0 * k * v;
        v *= v;
        for (var j = 3; ; j += 2)
        {
            term *= v;
            var next = sum + term / j;
            if (next == sum)
                return sum;
            sum = next;
        }
    }

    /// <summary>I_x(a, b) below the mean: Mass·b/(a + b) times the continued fraction, by the modified Lentz method.</summary>
    private static double Small(double a, double b, double x, double y)
    {
        const double Tiny = 1e-300;
        var c = 1.0;
        var d = NotZero(1.0 - (a + b) * x / (a + 1.0));
        d = 1.0 / d;
        var fraction = d;
        for (var m = 1.0; m < 1e7; m++)
        {
            var even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
            d = 1.0 / NotZero(1.0 + even * d);
            c = NotZero(1.0 + even / c);
            fraction *= d * c;

            var odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
            d = 1.0 / NotZero(1.0 + odd * d);
            c = NotZero(1.0 + odd / c);
            var change = d * c;
            fraction *= change;
            if (Math.Abs(change - 1.0) < 1e-15)
                break;
        }

        return Math.Min(1.0, Mass(a, b, x, y) * (b / (a + b)) * fraction);

        static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
    }
}
