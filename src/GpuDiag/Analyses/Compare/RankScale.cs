using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// Where a score of one class stands among the rows' scores: from the counts of a partition, by slot, DeLong's components and the influence of
/// a row on average precision (docs/intervals.md).
/// </summary>
internal sealed class RankScale
{
    /// <summary>Influences on average precision are whole numbers of 2⁻⁴⁰: they are below 1 + ln(rows), so their squares add in 128 bits for 2³⁴ rows.</summary>
    public const double Steps = 1L << 40;


    private const int LookBits = 14;

    private readonly ulong[] keys;
    private readonly int shift;
    private readonly long[] ofPositive, ofNegative, averageOfPositive, averageOfNegative;
    private readonly int[] look;
    private readonly ulong least;
    private readonly int lookShift;

    /// <param name="partition">Of the class's scores; every positive's score is a key of it.</param>
    /// <param name="negatives">Rows of other classes by slot.</param>
    /// <param name="positives">Rows of the class by slot.</param>
    /// <param name="average">The average precision.</param>
    public RankScale(ScorePartition partition, ReadOnlySpan<long> negatives, ReadOnlySpan<long> positives, double average)
    {
        keys = partition.Keys;
        shift = 64 - partition.Bits;
        (ofPositive, averageOfPositive) = (new long[keys.Length], new long[keys.Length]);
        (ofNegative, averageOfNegative) = (new long[negatives.Length], new long[negatives.Length]);
        long below = 0, above = 0, alarms = 0;
        for (int slot = 0; slot < negatives.Length; slot++)
        {
            (above, alarms) = (above + positives[slot], alarms + negatives[slot]);
        }

        double byPositive = 0, byNegative = 0;
        for (int slot = 0; slot < negatives.Length; slot++)
        {
            (long p, long m) = (positives[slot], negatives[slot]);
            if (p > 0)
            {
                double hits = above, flagged = above + alarms, precision = hits / flagged;
                byPositive += p * (alarms / flagged) / flagged;
                byNegative += p * precision / flagged;
                ofPositive[slot >> 1] = (2 * below) + m;
                averageOfPositive[slot >> 1] = (long)Math.Round((precision - average + byPositive) * Steps);
            }

            (above, alarms) = (above - p, alarms - m);
            ofNegative[slot] = (2 * above) + p;
            averageOfNegative[slot] = (long)Math.Round(-byNegative * Steps);
            below += m;
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

    /// <summary>DeLong's component of a positive, and its influence on average precision times the number of positives.</summary>
    public (long Rank, long Average) OfPositive(double score)
    {
        int slot = Slot(score) >> 1;
        return (ofPositive[slot], averageOfPositive[slot]);
    }

    /// <summary>The same of a negative.</summary>
    public (long Rank, long Average) OfNegative(double score)
    {
        int slot = Slot(score);
        return (ofNegative[slot], averageOfNegative[slot]);
    }

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
