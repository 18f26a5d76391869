using GpuDiag.Analyses.Results;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Metrics;

/// <summary>
/// ROC and precision–recall curve of one class against the rest, from the counts of a partition of its scores. Every point is exact:
/// it counts all rows from a bound of the partition up. The curves are thinned to <see cref="Steps"/> parts of equal length – of the ROC curve
/// along x + y, of the other along recall – of which each keeps its last point, and the first and last point of all stay.
/// </summary>
internal static class ClassCurve
{
    public const int Steps = 200;

    /// <summary>Classes with curves at most: those with most rows, of equal ones the first.</summary>
    public const int MostClasses = 100;

    /// <summary>The curves of a class; empty without positives or without negatives.</summary>
    /// <param name="name">Of the class.</param>
    /// <param name="partition">Of its scores.</param>
    /// <param name="negatives">Per slot.</param>
    /// <param name="positives">Per slot.</param>
    public static IReadOnlyList<CurvePoint> Of(string name, ScorePartition partition, long[] negatives, long[] positives)
    {
        long p = positives.Sum(), n = negatives.Sum(), hits = 0, alarms = 0;
        if (p == 0 || n == 0)
        {
            return [];
        }

        // Whole numbers of 64 bits where the products fit them, and they do up to some 10⁸ rows.
        bool narrow = (Int128)n * p * 2 * Steps <= long.MaxValue;
        CurvePoint Roc(in Place at) => new("roc", name, (double)at.Alarms / n, (double)at.Hits / p, Threshold(partition, at.Slot));
        CurvePoint Pr(in Place at) => new("pr", name, (double)at.Hits / p, (double)at.Hits / (at.Hits + at.Alarms), Threshold(partition, at.Slot));
        Thinned roc = new(Roc, 0, new CurvePoint("roc", name, 0, 0, null)), pr = new(Pr, -1, null);
        for (int slot = positives.Length - 1; slot >= 0; slot--)
        {
            if ((positives[slot] | negatives[slot]) == 0)
            {
                continue;
            }

            hits += positives[slot];
            alarms += negatives[slot];
            Place place = new(hits, alarms, slot);
            roc.Add(1 + (narrow ? ((((alarms * p) + (hits * n)) * Steps) - 1) / (2 * n * p) : (long)((((((Int128)alarms * p) + ((Int128)hits * n)) * Steps) - 1) / (2 * (Int128)n * p))), place);
            if (positives[slot] > 0)
            {
                pr.Add(narrow ? ((hits * Steps) - 1) / p : (long)((((Int128)hits * Steps) - 1) / p), place);
            }
        }

        return [.. roc.Points(), .. pr.Points()];
    }

    /// <summary>The least score that a slot, or one above it, may hold.</summary>
    private static double Threshold(ScorePartition partition, int slot)
    {
        int rest = 64 - partition.Bits;
        if (slot == 0)
        {
            return 0;
        }

        ulong key = partition.Keys[(slot - 1) >> 1];
        ulong first = rest == 64 ? 0 : key << rest;
        return (slot & 1) == 1 ? ScoreKey.Value(first) : ScoreKey.Value(first + (rest == 64 ? ulong.MaxValue : 1ul << rest));
    }

    /// <summary>All rows of a slot and of those above it.</summary>
    private readonly record struct Place(long Hits, long Alarms, int Slot);

    private delegate CurvePoint PointOf(in Place place);

    /// <summary>A curve of which each step keeps its last point, and the first of all stays.</summary>
    /// <param name="point">Makes the points that are kept.</param>
    /// <param name="step">Before the first.</param>
    /// <param name="first">Where the curve begins before any row; null for none.</param>
    private sealed class Thinned(PointOf point, long step, CurvePoint? first)
    {
        private readonly List<CurvePoint> points = first is null ? [] : [first];
        private Place held;
        private bool holds;

        public void Add(long at, in Place place)
        {
            if (at != step || points.Count + (holds ? 1 : 0) <= 1)
            {
                Keep();
            }

            (held, holds, step) = (place, true, at);
        }

        public List<CurvePoint> Points()
        {
            Keep();
            return points;
        }

        private void Keep()
        {
            if (holds)
            {
                points.Add(point(held));
                holds = false;
            }
        }
    }
}
