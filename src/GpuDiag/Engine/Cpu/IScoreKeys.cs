using System.Runtime.Intrinsics;

namespace GpuDiag.Engine.Cpu;

/// <summary>Order-preserving integer images of scores in the precision they are stored in: half the width searches twice as fast.</summary>
internal interface IScoreKeys<TScore, TKey>
    where TScore : unmanaged
    where TKey : unmanaged
{
    /// <summary>a ≤ b ⇔ Of(a) ≤ Of(b), for all but NaN; −0 and 0 are one key.</summary>
    static abstract TKey Of(TScore score);

    /// <summary>The keys of a vector of scores.</summary>
    static abstract Vector512<TKey> Of(Vector512<TScore> scores);

    /// <summary>The key of the least score whose <see cref="ScoreKey"/> is not below <paramref name="key"/>.</summary>
    static abstract TKey Least(ulong key);

    /// <summary>The key of the greatest score whose <see cref="ScoreKey"/> is not above <paramref name="key"/>.</summary>
    static abstract TKey Most(ulong key);
}
