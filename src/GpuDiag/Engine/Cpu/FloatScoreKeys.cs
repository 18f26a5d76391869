using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Engine.Cpu;

/// <summary>Floats by 32-bit keys.</summary>
internal readonly struct FloatScoreKeys : IScoreKeys<float, uint>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(float score)
    {
        int bits = BitConverter.SingleToInt32Bits(score + 0.0f);
        return (uint)bits ^ (uint)((bits >> 31) | int.MinValue);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Of(Vector512<float> scores)
    {
        Vector512<int> bits = (scores + Vector512<float>.Zero).AsInt32();
        return (bits ^ ((bits >> 31) | Vector512.Create(int.MinValue))).AsUInt32();
    }

    public static uint Least(ulong key)
    {
        float nearest = Nearest(key);
        return Of(ScoreKey.Of(nearest) < key ? float.BitIncrement(nearest) : nearest);
    }

    public static uint Most(ulong key)
    {
        float nearest = Nearest(key);
        return Of(ScoreKey.Of(nearest) > key ? float.BitDecrement(nearest) : nearest);
    }

    /// <summary>The float nearest to the double of a key; to keys beyond the infinities, which are NaNs, the infinity.</summary>
    private static float Nearest(ulong key) =>
        (float)ScoreKey.Value(Math.Clamp(key, ScoreKey.Of(double.NegativeInfinity), ScoreKey.Of(double.PositiveInfinity)));
}
