using GpuDiag.Columns;

namespace GpuDiag.Engine;

/// <summary>
/// A partition of the score line: <see cref="Keys"/> ascending, each the top <see cref="Bits"/> bits of
/// <see cref="ScoreKey.Of"/>. With q the key prefix of a score: slot 2i+1 holds q = Keys[i]; slot 2i holds
/// Keys[i−1] &lt; q &lt; Keys[i]; 2·Keys.Length+1 slots in all. With 64 bits, equal slots hold equal scores only.
/// </summary>
public sealed record ScorePartition(ulong[] Keys, int Bits)
{
    public int Slots => (2 * Keys.Length) + 1;
}

/// <summary>Which scores to count where.</summary>
/// <param name="Classes">The domain of the labels.</param>
/// <param name="ClassCodes">Class code of each probability column. Length K.</param>
/// <param name="Segment">Count per value of this domain, or over all rows when null.</param>
/// <param name="Partitions">
/// Index [segment code × K + class index] (segment code 0 when <paramref name="Segment"/> is null); null or missing = don't count.
/// </param>
public sealed record RankPlan(Domain Classes, int[] ClassCodes, Domain? Segment, ScorePartition?[] Partitions);

/// <summary>Rows for <see cref="Backend.Rank"/>. Rows that ScoreRows excludes, and rows without a known label, are not counted.</summary>
public sealed record RankBatch(int Rows, MatrixColumn Probabilities, CodeColumn Label, CodeColumn? Segment);
