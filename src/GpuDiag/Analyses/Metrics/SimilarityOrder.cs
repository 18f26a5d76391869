using GpuDiag.Engine;

namespace GpuDiag.Analyses.Metrics;

/// <summary>
/// An order of the classes in which those that are confused stand side by side, so that a confusion matrix shows its blocks: single
/// linkage, of the pair with the greatest share of confused rows first, (c_ij + c_ji) / (n_i + n_j), where n are the rows
/// labelled so; ties by position. Two chains are joined at the ends that bring the pair nearest. Chains that nothing joins follow
/// each other by their first class. Costs the confused pairs, not the square of the classes.
/// </summary>
internal static class SimilarityOrder
{
    /// <summary>Positions of the classes, in their order.</summary>
    public static int[] Of(CountTable table, ClassOrder classes)
    {
        long[] support = new long[classes.Count];
        Dictionary<(int Low, int High), long> confused = [];
        foreach (Cell cell in table.Cells)
        {
            int label = classes[cell.Label], prediction = classes[cell.Prediction];
            if (label < 0 || prediction < 0)
            {
                continue;
            }

            support[label] += cell.Count;
            if (label != prediction)
            {
                (int, int) pair = (Math.Min(label, prediction), Math.Max(label, prediction));
                confused[pair] = confused.GetValueOrDefault(pair) + cell.Count;
            }
        }

        return Of(support, confused);
    }

    /// <param name="support">Rows of each class.</param>
    /// <param name="confused">Rows of either class of a pair, the lower first, that are taken for the other.</param>
    public static int[] Of(long[] support, IReadOnlyDictionary<(int Low, int High), long> confused)
    {
        List<int>[] chains = [.. Enumerable.Range(0, support.Length).Select(c => new List<int> { c })];
        var pairs = confused
            .Select(p => (p.Key.Low, p.Key.High, Share: (double)p.Value / Math.Max(1, support[p.Key.Low] + support[p.Key.High])))
            .OrderByDescending(p => p.Share)
            .ThenBy(p => p.Low)
            .ThenBy(p => p.High);
        foreach ((int low, int high, double _) in pairs)
        {
            List<int> left = chains[low], right = chains[high];
            if (ReferenceEquals(left, right))
            {
                continue;
            }

            // The first end of a pair goes to the end of its chain, the second to the start of its own.
            int at = left.IndexOf(low), beside = right.IndexOf(high);
            if (at < left.Count - 1 - at)
            {
                left.Reverse();
            }

            if (beside > right.Count - 1 - beside)
            {
                right.Reverse();
            }

            left.AddRange(right);
            right.ForEach(c => chains[c] = left);
        }

        return [.. chains.Distinct().OrderBy(c => c.Min()).SelectMany(c => c[0] <= c[^1] ? c : Enumerable.Reverse(c))];
    }
}
