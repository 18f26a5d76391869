namespace GpuDiag.Kernels.Algebra;

/// <summary>Sine and cosine, the same bits on every machine. Host only.</summary>
public static class Trigonometry
{
    // π/2 = High + Low.
    private const double HalfPiHigh = 1.5707963267948966;
    private const double HalfPiLow = 6.123233995736766e-17;

    /// <summary>
    /// sin x and cos x for |x| ≤ 10^5, error below 1e−15; beyond, or NaN: NaN. x less a multiple of π/2 by two fused steps, then the
    /// minimax polynomials of FDLIBM's k_sin.c and k_cos.c.
    /// </summary>
    public static (double Sin, double Cos) SinCos(double x)
    {
        if (!(Math.Abs(x) <= 1e5))
            return (double.NaN, double.NaN);
        var k = Math.Round(x * 0.6366197723675814, MidpointRounding.ToEven);
        var r = Deterministic.Fma(-k, HalfPiLow, Deterministic.Fma(-k, HalfPiHigh, x));
        var z = r * r;
        var sin = Horner(z, 1.58969099521155010221e-10, -2.50507602534068634195e-08, 2.75573137070700676789e-06, -1.98412698298579493134e-04, 8.33333333332248946124e-03, -1.66666666666666324348e-01);
        var cos = Horner(z, -1.13596475577881948265e-11, 2.08757232129817482790e-09, -2.75573143513906633035e-07, 2.48015872894767294178e-05, -1.38888888888741095749e-03, 4.16666666666666019037e-02);
        sin = Deterministic.Fma(r * z, sin, r);
        cos = Deterministic.Fma(z * z, cos, Deterministic.Fma(z, -0.5, 1.0));
        return ((long)k & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    private static double Horner(double z, double a, double b, double c, double d, double e, double f) =>
        Deterministic.Fma(z, Deterministic.Fma(z, Deterministic.Fma(z, Deterministic.Fma(z, Deterministic.Fma(z, a, b), c), d), e), f);
}
