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
        ClassCell[] cells = matrix.Cells;
        List<int> wrong = [];
        for (int i = 0; i < cells.Length; i++)
        {
            if (cells[i].Label != cells[i].Prediction)
            {
                wrong.Add(i);
            }
        }

        wrong.Sort((a, b) => cells[a].Count != cells[b].Count ? cells[b].Count.CompareTo(cells[a].Count) : cells[a].CompareTo(cells[b]));
        Confusion[] confusions = new Confusion[wrong.Count];
        for (int i = 0; i < confusions.Length; i++)
        {
            ClassCell cell = cells[wrong[i]];
            confusions[i] = new Confusion(Name(cell.Label), Name(cell.Prediction), cell.Count);
        }

        return confusions;

        string Name(int k) => classes.Names[matrix.Classes[k]];
    }
}
