namespace GpuDiag.Analyses.Metrics;

/// <summary>
/// The confusion matrix of one set of rows over the classes that occur in it, as label or as prediction, in class order.
/// Cost: time and memory linear in the non-zero cells (times a logarithm), whatever the number of classes.
/// </summary>
internal sealed class ConfusionMatrix
{
    /// <param name="cells">Non-zero cells, each pair once, in any order; sorted in place.</param>
    public ConfusionMatrix(Span<ClassCell> cells)
    {
        cells.Sort();
        Cells = cells.ToArray();
        int[] occurring = new int[2 * cells.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            occurring[2 * i] = cells[i].Label;
            occurring[(2 * i) + 1] = cells[i].Prediction;
        }

        Array.Sort(occurring);
        int distinct = 0;
        foreach (int position in occurring)
        {
            if (distinct == 0 || occurring[distinct - 1] != position)
            {
                occurring[distinct++] = position;
            }
        }

        Classes = occurring[..distinct];
        Hits = new long[distinct];
        Support = new long[distinct];
        Predicted = new long[distinct];
        for (int i = 0; i < Cells.Length; i++)
        {
            ClassCell cell = Cells[i];
            int label = Array.BinarySearch(Classes, cell.Label), prediction = Array.BinarySearch(Classes, cell.Prediction);
            Cells[i] = new ClassCell(label, prediction, cell.Count);
            Rows += cell.Count;
            Support[label] += cell.Count;
            Predicted[prediction] += cell.Count;
            Hits[label] += label == prediction ? cell.Count : 0;
            Correct += label == prediction ? cell.Count : 0;
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
}
