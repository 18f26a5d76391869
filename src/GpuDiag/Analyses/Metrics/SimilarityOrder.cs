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
        List<ConfusedPair> confused = [];
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
                confused.Add(new ConfusedPair(Math.Min(label, prediction), Math.Max(label, prediction), cell.Count));
            }
        }

        return Of(support, confused);
    }

    /// <param name="support">Rows of each class.</param>
    /// <param name="confused">Rows of either class of a pair that are taken for the other; those of one pair add up.</param>
    public static int[] Of(long[] support, IReadOnlyList<ConfusedPair> confused)
    {
        List<int>[] chains = new List<int>[support.Length];
        for (int c = 0; c < chains.Length; c++)
        {
            chains[c] = [c];
        }

        foreach (ConfusedPair pair in Ordered(support, confused))
        {
            (int low, int high) = (pair.Low, pair.High);
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

        // A chain comes where its first class does.
        List<int> order = new(support.Length);
        HashSet<List<int>> seen = [];
        foreach (List<int> chain in chains)
        {
            if (seen.Add(chain))
            {
                if (chain[0] > chain[^1])
                {
                    chain.Reverse();
                }

                order.AddRange(chain);
            }
        }

        return order.ToArray();
    }

    /// <summary>Each pair once, the greatest share first.</summary>
    private static List<ConfusedPair> Ordered(long[] support, IReadOnlyList<ConfusedPair> confused)
    {
        List<ConfusedPair> sorted = new(confused), pairs = [];
        sorted.Sort((a, b) => a.Low != b.Low ? a.Low.CompareTo(b.Low) : a.High.CompareTo(b.High));
        foreach (ConfusedPair pair in sorted)
        {
            if (pairs.Count > 0 && pairs[^1].Low == pair.Low && pairs[^1].High == pair.High)
            {
                pairs[^1] = pair with { Rows = pairs[^1].Rows + pair.Rows };
            }
            else
            {
                pairs.Add(pair);
            }
        }

        double Share(ConfusedPair pair) => (double)pair.Rows / Math.Max(1, support[pair.Low] + support[pair.High]);
        pairs.Sort((a, b) =>
        {
            int order = Share(b).CompareTo(Share(a));
            order = order != 0 ? order : a.Low.CompareTo(b.Low);
            return order != 0 ? order : a.High.CompareTo(b.High);
        });
        return pairs;
    }
}

/// <summary>Rows of either of two classes, the lower position first, that are taken for the other.</summary>
internal sealed record ConfusedPair(int Low, int High, long Rows);
