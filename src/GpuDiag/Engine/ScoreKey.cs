using System.Runtime.CompilerServices;

namespace GpuDiag.Engine;

/// <summary>The order-preserving integer image of a double: a ≤ b ⇔ Of(a) ≤ Of(b), for all but NaN; −0 and 0 are one key.</summary>
public static class ScoreKey
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value + 0.0);
        return (ulong)bits ^ (ulong)((bits >> 63) | long.MinValue);
    }

    public static double Value(ulong key)
    {
        long bits = (key & 0x8000_0000_0000_0000) != 0 ? (long)(key ^ 0x8000_0000_0000_0000) : (long)~key;
        return BitConverter.Int64BitsToDouble(bits);
    }
}
