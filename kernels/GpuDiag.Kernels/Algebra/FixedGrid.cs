using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Values on a grid of 2^−e, with the exponent e chosen from the data's range, where <see cref="FixedSum"/>'s fixed grid
/// would be too coarse or too small. Each value is rounded to the grid once; sums of the integers are exact.
/// </summary>
public static class FixedGrid
{
    /// <summary>A scaled value must not exceed 2^51.</summary>
    public const int MostBits = 51;

    // Between 2^52 and 2^53 doubles are the integers, so adding 1.5·2^52 rounds, and the low bits of the sum are the integer.
    private const double Rounder = 6755399441055744.0;
    private const long RounderBits = 0x4338000000000000;

    /// <summary>
    /// value·scale rounded to the nearest integer, ties to even. <paramref name="scale"/> is a power of two and
    /// |value·scale| ≤ 2^51; outside, and for NaN, the result means nothing. A device does the same: one
    /// <see cref="Deterministic.Fma"/> and a subtraction of bits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Round(double value, double scale) =>
        BitConverter.DoubleToInt64Bits(Deterministic.Fma(value, scale, Rounder)) - RounderBits;

    /// <summary>Eight values, each as <see cref="Round(double, double)"/> has it. Host only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Round(Vector512<double> values, Vector512<double> scale) =>
        Vector512.FusedMultiplyAdd(values, scale, Vector512.Create(Rounder)).AsInt64() - Vector512.Create(RounderBits);

    /// <summary>Eight values, rounded as above and kept as doubles. Host only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> RoundToDouble(Vector512<double> values, Vector512<double> scale) =>
        Vector512.FusedMultiplyAdd(values, scale, Vector512.Create(Rounder)) - Vector512.Create(Rounder);

    /// <summary>
    /// The largest e for which |value|·2^e ≤ 2^bits wherever |value| ≤ <paramref name="largest"/>; 0 when that is 0. The
    /// largest must be finite.
    /// </summary>
    public static int Exponent(double largest, int bits)
    {
        if (largest == 0)
            return 0;

        var power = Math.ILogB(largest);
        return bits - (Math.ScaleB(1.0, power) == largest ? power : power + 1);
    }

    /// <summary>Bits of one value, at most 51, so that a sum of so many values fits a long.</summary>
    public static int BitsForSum(long values)
    {
        var log = 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)Math.Max(values, 1));
        return Math.Min(MostBits, 62 - log);
    }
}
