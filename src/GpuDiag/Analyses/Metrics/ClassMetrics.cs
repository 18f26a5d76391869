using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Metrics;

/// <summary>Each class against the rest, and the pairs of classes that are confused.</summary>
internal static class ClassMetrics
{
    /// <param name="ranked">Ranking metrics by class position, or null.</param>
    public static ClassResult[] Classes(ConfusionMatrix matrix, ClassOrder classes, OneVsRest[]? ranked)
    {
        ClassResult[] results = new ClassResult[classes.Count];
        for (int k = 0; k < results.Length; k++)
        {
            (long hits, long support, long predicted) = matrix.Class(k);
            OneVsRest rest = ranked?[k] ?? OneVsRest.Undefined;
            results[k] = new ClassResult(
                classes.Names[k],
                support,
                predicted,
                Intervals.ProportionOrZero(hits, predicted),
                Intervals.ProportionOrZero(hits, support),
                Intervals.F1(hits, support, predicted),
                rest.RocAuc,
                rest.AveragePrecision);
        }

        return results;
    }

    /// <summary>Off-diagonal cells, most frequent first, then by class order.</summary>
    public static Confusion[] Confusions(ConfusionMatrix matrix, ClassOrder classes)
    {
        ClassCell[] wrong = [.. matrix.Cells.Where(c => c.Label != c.Prediction)];
        Array.Sort(wrong, (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.CompareTo(b));
        return [.. wrong.Select(c => new Confusion(Name(c.Label), Name(c.Prediction), c.Count))];

        string Name(int i) => classes.Names[matrix.Classes[i]];
    }
}
