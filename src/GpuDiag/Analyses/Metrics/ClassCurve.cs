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

        List<CurvePoint> roc = [new("roc", name, 0, 0, null)], pr = [];
        Int128 rocStep = 0, prStep = -1;
        for (int slot = positives.Length - 1; slot >= 0; slot--)
        {
            if ((positives[slot] | negatives[slot]) == 0)
            {
                continue;
            }

            hits += positives[slot];
            alarms += negatives[slot];
            double threshold = Threshold(partition, slot);
            Int128 length = ((Int128)alarms * p) + ((Int128)hits * n);
            Add(roc, ref rocStep, 1 + ((length * Steps) - 1) / (2 * (Int128)n * p), new("roc", name, (double)alarms / n, (double)hits / p, threshold));
            if (positives[slot] > 0)
            {
                Add(pr, ref prStep, (((Int128)hits * Steps) - 1) / p, new("pr", name, (double)hits / p, (double)hits / (hits + alarms), threshold));
            }
        }

        return [.. roc, .. pr];
    }

    /// <summary>The last point of a step takes the place of the one before, but for the first of all.</summary>
    private static void Add(List<CurvePoint> points, ref Int128 last, Int128 step, CurvePoint point)
    {
        if (step == last && points.Count > 1)
        {
            points[^1] = point;
        }
        else
        {
            points.Add(point);
        }

        last = step;
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
}
