using System.Numerics;

namespace GpuDiag.Analyses.Metrics;

/// <summary>
/// The confusion matrix of one set of rows over the classes that occur in it, as label or as prediction, in class order.
/// Cost: time and memory linear in the non-zero cells, whatever the number of classes (a bit for each aside).
/// </summary>
internal sealed class ConfusionMatrix
{
    private const int StackWords = 64;

    /// <param name="cells">Non-zero cells, each pair once, in any order.</param>
    public ConfusionMatrix(ReadOnlySpan<ClassCell> cells)
    {
        int words = 1;
        foreach (ClassCell cell in cells)
        {
            words = Math.Max(words, (Math.Max(cell.Label, cell.Prediction) >> 6) + 1);
        }

        Span<ulong> occurring = words <= StackWords ? stackalloc ulong[words] : new ulong[words];
        Span<int> before = words <= StackWords ? stackalloc int[words] : new int[words];
        occurring.Clear();
        foreach (ClassCell cell in cells)
        {
            occurring[cell.Label >> 6] |= 1ul << cell.Label;
            occurring[cell.Prediction >> 6] |= 1ul << cell.Prediction;
        }

        int distinct = 0;
        for (int w = 0; w < words; w++)
        {
            before[w] = distinct;
            distinct += BitOperations.PopCount(occurring[w]);
        }

        Classes = new int[distinct];
        for (int w = 0, i = 0; w < words; w++)
        {
            for (ulong left = occurring[w]; left != 0; left &= left - 1)
            {
                Classes[i++] = (w << 6) + BitOperations.TrailingZeroCount(left);
            }
        }

        Cells = new ClassCell[cells.Length];
        for (int i = 0; i < Cells.Length; i++)
        {
            Cells[i] = new ClassCell(Index(occurring, before, cells[i].Label), Index(occurring, before, cells[i].Prediction), cells[i].Count);
        }

        Sort();
        Hits = new long[distinct];
        Support = new long[distinct];
        Predicted = new long[distinct];
        foreach (ClassCell cell in Cells)
        {
            Rows += cell.Count;
            Support[cell.Label] += cell.Count;
            Predicted[cell.Prediction] += cell.Count;
            if (cell.Label == cell.Prediction)
            {
                Hits[cell.Label] += cell.Count;
                Correct += cell.Count;
            }
        }
    }

    /// <summary>Positions in the class order, ascending.</summary>
    public int[] Classes { get; }

    /// <summary>By index into <see cref="Classes"/>, sorted by label, then prediction.</summary>
    public ClassCell[] Cells { get; }

    /// <summary>Rows of the class that were predicted as it. This and the next two: index into <see cref="Classes"/>.</summary>
    public long[] Hits { get; }

    public long[] Support { get; }

    public long[] Predicted { get; }

    public long Rows { get; }

    public long Correct { get; }

    public long Errors => Rows - Correct;

    /// <summary>Hits, support and predictions of a class by its position in the class order; zeros when it does not occur.</summary>
    public (long Hits, long Support, long Predicted) Class(int position)
    {
        int i = Array.BinarySearch(Classes, position);
        return i < 0 ? default : (Hits[i], Support[i], Predicted[i]);
    }

    /// <summary>How many occurring classes are before a position.</summary>
    private static int Index(ReadOnlySpan<ulong> occurring, ReadOnlySpan<int> before, int position) =>
        before[position >> 6] + BitOperations.PopCount(occurring[position >> 6] & ((1ul << position) - 1));

    /// <summary>By label, then prediction: counted out by the less significant first.</summary>
    private void Sort()
    {
        ClassCell[] byPrediction = new ClassCell[Cells.Length];
        int[] next = new int[Classes.Length + 1];
        foreach (ClassCell cell in Cells)
        {
            next[cell.Prediction + 1]++;
        }

        Accumulate(next);
        foreach (ClassCell cell in Cells)
        {
            byPrediction[next[cell.Prediction]++] = cell;
        }

        Array.Clear(next);
        foreach (ClassCell cell in byPrediction)
        {
            next[cell.Label + 1]++;
        }

        Accumulate(next);
        foreach (ClassCell cell in byPrediction)
        {
            Cells[next[cell.Label]++] = cell;
        }
    }

    private static void Accumulate(int[] counts)
    {
        for (int i = 1; i < counts.Length; i++)
        {
            counts[i] += counts[i - 1];
        }
    }
}
