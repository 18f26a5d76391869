using System.Runtime.CompilerServices;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Logarithm and exponential, written once over <see cref="ILanes{TSelf}"/>: no table, no branch, no platform libm, so
/// scalar, vector and GPU code give the same bits.
/// </summary>
public static class Elementary
{
    // ln 2 = High + Low; High has 33 significant bits, so that k·High is exact for every exponent k.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double Inf = double.PositiveInfinity;

    // 1.5·2^52: adding it rounds to an integer and leaves that integer in the low bits.
    private const double ToInteger = 6755399441055744.0;
    private const long One = 0x3FF0_0000_0000_0000;
    private const long HalfRoot = 0x3FE6_A09E_0000_0000;
    private const long FractionMask = 0x000F_FFFF_FFFF_FFFF;
    private const long TwoTo52 = 0x4330_0000_0000_0000;

    /// <summary>
    /// Natural logarithm. x = 2^k·(1+f) with 1+f in [√½, √2); ln(1+f) by the odd series in s = f/(2+f) with the minimax
    /// coefficients of FDLIBM's e_log.c; k·ln 2 + f is kept as a sum of two doubles, which brings the error under 0.8 ulp.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log<T>(T x)
        where T : struct, ILanes<T>
    {
        var tiny = T.Of(2.2250738585072014E-308);
        var scaled = T.IfLess(x, tiny, T.Mul(x, T.Of(18014398509481984.0)), x);
        var bias = T.IfLess(x, tiny, T.Of(4503599627371573.0), T.Of(4503599627371519.0)); // 2^52 + 1023, + 54 if scaled

        var shifted = T.AddBits(scaled, One - HalfRoot);
        var k = T.Sub(T.OrBits(T.ShiftRightBits(shifted, 52), TwoTo52), bias);
        var f = T.Sub(T.AddBits(T.AndBits(shifted, FractionMask), HalfRoot), T.Of(1.0));

        var s = T.Div(f, T.Add(f, T.Of(2.0)));
        var z = T.Mul(s, s);
        var w = T.Mul(z, z);
        var even = T.Fma(w, T.Fma(w, T.Of(1.531383769920937332e-01), T.Of(2.222219843214978396e-01)), T.Of(3.999999999940941908e-01));
        var odd = T.Fma(w, T.Fma(w, T.Fma(w, T.Of(1.479819860511658591e-01), T.Of(1.818357216161805012e-01)), T.Of(2.857142874366239149e-01)), T.Of(6.666666666666735130e-01));
        var r = T.Fma(w, even, T.Mul(z, odd));

        var half = T.Mul(T.Mul(f, T.Of(0.5)), f);
        var main = T.Mul(k, T.Of(Ln2High));
        var high = T.Add(main, f);
        var low = T.Fma(k, T.Of(Ln2Low), T.Add(T.Sub(main, high), f));
        var result = T.Add(high, T.Sub(low, T.Fma(T.Sub(T.Of(0.0), s), T.Add(half, r), half)));

        var opposite = T.Sub(T.Of(0.0), x);
        result = T.IfLess(opposite, T.Of(0.0), result, T.IfLess(x, T.Of(0.0), T.Of(double.NaN), T.Of(-Inf)));
        return T.IfLess(x, T.Of(Inf), result, T.IfLess(opposite, T.Of(0.0), T.Of(Inf), T.Of(double.NaN)));
    }

    /// <summary>
    /// Exponential. x = k·ln 2 + r with |r| ≤ ½·ln 2, r as a sum of two doubles; e^r by its Taylor series to r^13
    /// (remainder below 2^−57); 1 + r is summed without loss; 2^k is applied in two exact steps, so only a subnormal
    /// result rounds twice.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : struct, ILanes<T>
    {
        var bounded = T.IfLess(x, T.Of(710.0), x, T.Of(710.0));
        bounded = T.IfLess(bounded, T.Of(-746.0), T.Of(-746.0), bounded);

        var shift = T.Of(ToInteger);
        var k = T.Sub(T.Fma(bounded, T.Of(1.4426950408889634), shift), shift);
        var high = T.Fma(k, T.Of(-Ln2High), bounded);
        var low = T.Mul(k, T.Of(Ln2Low));
        var r = T.Sub(high, low);
        var tail = T.Sub(T.Sub(high, r), low);

        var z = T.Mul(r, r);
        var even = T.Fma(z, T.Of(1.0 / 479001600), T.Of(1.0 / 3628800));
        even = T.Fma(z, T.Fma(z, T.Fma(z, T.Fma(z, even, T.Of(1.0 / 40320)), T.Of(1.0 / 720)), T.Of(1.0 / 24)), T.Of(0.5));
        var odd = T.Fma(z, T.Of(1.0 / 6227020800), T.Of(1.0 / 39916800));
        odd = T.Fma(z, T.Fma(z, T.Fma(z, T.Fma(z, odd, T.Of(1.0 / 362880)), T.Of(1.0 / 5040)), T.Of(1.0 / 120)), T.Of(1.0 / 6));
        var p = T.Fma(r, odd, even);

        var sum = T.Add(T.Of(1.0), r);
        var lost = T.Add(T.Sub(T.Of(1.0), sum), r);
        var y = T.Add(sum, T.Fma(z, p, T.Add(lost, tail)));

        var firstHalf = T.Fma(k, T.Of(0.5), shift);
        var secondHalf = T.Add(T.Sub(k, T.Sub(firstHalf, shift)), shift);
        var result = T.Mul(T.Mul(y, PowerOfTwo(firstHalf)), PowerOfTwo(secondHalf));
        return T.IfLess(x, T.Of(Inf), result, T.IfLess(T.Sub(T.Of(0.0), x), T.Of(0.0), T.Of(Inf), T.Of(double.NaN)));
    }

    /// <summary>2^j for an integer j in (−1023, 1024), given as j + 1.5·2^52.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T PowerOfTwo<T>(T shifted)
        where T : struct, ILanes<T> =>
        T.AddBits(T.ShiftLeftBits(shifted, 52), One);
}
