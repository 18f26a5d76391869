using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>Where a score of one class stands among the rows' scores: from the counts of a partition, DeLong's components by slot.</summary>
internal sealed class RankScale
{
    private const int LookBits = 14;

    private readonly ulong[] keys;
    private readonly int shift;
    private readonly long[] ofPositive, ofNegative;
    private readonly int[] look;
    private readonly ulong least;
    private readonly int lookShift;

    public RankScale(ScorePartition partition, ReadOnlySpan<long> negatives, ReadOnlySpan<long> positives)
    {
        keys = partition.Keys;
        shift = 64 - partition.Bits;
        ofPositive = new long[negatives.Length];
        ofNegative = new long[negatives.Length];
        long below = 0, above = 0;
        foreach (long p in positives)
        {
            above += p;
        }

        for (int slot = 0; slot < negatives.Length; slot++)
        {
            above -= positives[slot];
            ofPositive[slot] = (2 * below) + negatives[slot];
            ofNegative[slot] = (2 * above) + positives[slot];
            below += negatives[slot];
        }

        // A table of the first key at or above equal steps narrows the search to a few keys.
        least = keys.Length == 0 ? 0 : keys[0];
        ulong range = keys.Length == 0 ? 0 : keys[^1] - least;
        lookShift = Math.Max(0, 64 - System.Numerics.BitOperations.LeadingZeroCount(range | 1) - LookBits);
        look = new int[(int)(range >> lookShift) + 2];
        int next = 0;
        for (int i = 0; i < look.Length; i++)
        {
            while (next < keys.Length && (keys[next] - least) >> lookShift < (ulong)i)
            {
                next++;
            }

            look[i] = next;
        }
    }

    public long OfPositive(double score) => ofPositive[Slot(score)];

    public long OfNegative(double score) => ofNegative[Slot(score)];

    private int Slot(double score)
    {
        ulong key = shift == 64 ? 0 : ScoreKey.Of(score) >> shift;
        if (keys.Length == 0 || key < least)
        {
            return 0;
        }

        ulong step = (key - least) >> lookShift;
        if (step >= (ulong)(look.Length - 1))
        {
            return 2 * keys.Length;
        }

        int low = look[step], high = look[step + 1];
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = keys[middle] < key ? (middle + 1, high) : (low, middle);
        }

        return low < keys.Length && keys[low] == key ? (2 * low) + 1 : 2 * low;
    }
}
