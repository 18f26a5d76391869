namespace GpuDiag.Kernels.Algebra;

/// <summary>Tails of the χ² distribution by the regularized incomplete gamma function, the same bits on every machine. Host only.</summary>
public static class ChiSquared
{
    /// <summary>
    /// P(X &gt; x) for <paramref name="degrees"/> &gt; 0 degrees of freedom; relative error below 1e−11 for results above
    /// 1e−300 and up to 10^6 degrees. x ≤ 0 → 1, NaN or no degrees → NaN. Cost: O(√degrees) steps.
    /// </summary>
    public static double Sf(double x, double degrees)
    {
        if (double.IsNaN(x) || !(degrees > 0.0))
            return double.NaN;
        if (x <= 0.0)
            return 1.0;
        if (double.IsPositiveInfinity(x))
            return 0.0;
        double a = 0.5 * degrees, half = 0.5 * x;
        return half < a + 1.0 ? 1.0 - Lower(a, half) : Upper(a, half);
    }

    /// <summary>x^a·e^−x / Γ(a + 1), in Loader's saddle-point form.</summary>
    private static double Mass(double a, double x) =>
        Deterministic.Exp(-LogGamma.StirlingError(a) - Beta.Deviance(a, x)) / Math.Sqrt(2.0 * Math.PI * a);

    /// <summary>P(a, x) by its series, for x below a + 1.</summary>
    private static double Lower(double a, double x)
    {
        var sum = 1.0;
        var term = 1.0;
        for (var n = 1.0; term > sum * 1e-17; n++)
        {
            term *= x / (a + n);
            sum += term;
        }

        return Math.Min(1.0, Mass(a, x) * sum);
    }

    /// <summary>Q(a, x) by Legendre's continued fraction, with the modified Lentz method, for x from a + 1 up.</summary>
    private static double Upper(double a, double x)
    {
        const double Tiny = 1e-300;
        var b = x + 1.0 - a;
        var c = 1.0 / Tiny;
        var d = 1.0 / b;
        var fraction = d;
        for (var i = 1.0; i < 1e7; i++)
        {
            var an = -i * (i - a);
            b += 2.0;
            d = NotZero(Math.FusedMultiplyAdd(an, d, b));
            c = NotZero(b + an / c);
            d = 1.0 / d;
            var change = d * c;
            fraction *= change;
            if (Math.Abs(change - 1.0) < 1e-15)
                break;
        }

        return Mass(a, x) * a * fraction;

        static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
    }
}
