using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Engine.Cpu;

/// <summary>Doubles by their <see cref="ScoreKey"/>.</summary>
internal readonly struct DoubleScoreKeys : IScoreKeys<double, ulong>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(double score) => ScoreKey.Of(score);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Of(Vector512<double> scores)
    {
        Vector512<long> bits = (scores + Vector512<double>.Zero).AsInt64();
        return (bits ^ ((bits >> 63) | Vector512.Create(long.MinValue))).AsUInt64();
    }

    public static ulong Least(ulong key) => key;

    public static ulong Most(ulong key) => key;
}
