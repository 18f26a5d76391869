using GpuDiag.Engine.Labels;

namespace GpuDiag.Analyses.Labels;

/// <summary>A cell of the joint: rows of a label that are truly of a class, both as probability columns.</summary>
/// <param name="Count">As counted among confident rows, at least 1 on the diagonal.</param>
/// <param name="Calibrated">Scaled to the label's rows and rounded.</param>
internal readonly record struct JointCell(int Given, int True, long Count, long Calibrated);

/// <summary>
/// The joint of given and true labels that confident learning estimates: the confident joint with a diagonal of at least 1,
/// each label scaled to the number of its rows. Sparse: the cells that occur, and the diagonal.
/// </summary>
internal sealed class JointEstimate
{
    private readonly int[] starts;
    private readonly bool[] raised;

    public JointEstimate(ConfidentJointState state)
    {
        Labelled = state.Labelled;
        Classes = Labelled.Length;
        Rows = Labelled.Sum();
        Counted = new long[Classes];
        Disputed = state.Disputed;
        starts = new int[Classes + 1];
        raised = new bool[Classes];
        List<JointCell> cells = [];
        IReadOnlyList<(int Given, int Guess, long Count)> raw = state.Cells();
        for (int k = 0, next = 0; k < Classes; k++)
        {
            List<(int Guess, long Count)> row = [];
            for (; next < raw.Count && raw[next].Given == k; next++)
            {
                row.Add((raw[next].Guess, raw[next].Count));
            }

            if (!row.Exists(c => c.Guess == k))
            {
                raised[k] = true;
                row.Add((k, 1));
                row.Sort();
            }

            long[] counts = [.. row.Select(c => c.Count)], scaled = Rounding.Scale(counts, Labelled[k]);
            Counted[k] = counts.Sum();
            cells.AddRange(row.Select((c, i) => new JointCell(k, c.Guess, c.Count, scaled[i])));
            starts[k + 1] = cells.Count;
        }

        Cells = [.. cells];
    }

    /// <summary>Probability columns, K.</summary>
    public int Classes { get; }

    /// <summary>Rows that are judged.</summary>
    public long Rows { get; }

    /// <summary>Rows per label.</summary>
    public long[] Labelled { get; }

    /// <summary>Sum of each label's <see cref="JointCell.Count"/>, at least 1.</summary>
    public long[] Counted { get; }

    /// <summary>Rows confidently of another class than their label, and disputed.</summary>
    public long Disputed { get; }

    /// <summary>By given label, then by true class.</summary>
    public JointCell[] Cells { get; }

    /// <summary>No row of this label was confidently of it: its diagonal was raised from 0 to 1.</summary>
    public bool IsRaised(int given) => raised[given];

    public ReadOnlySpan<JointCell> Row(int given) => Cells.AsSpan(starts[given]..starts[given + 1]);

    /// <summary>The estimated share of all rows that a cell has; 0 when there are no rows.</summary>
    public double Share(in JointCell cell) =>
        Rows == 0 ? 0 : (double)cell.Count / Counted[cell.Given] * Labelled[cell.Given] / Rows;

    /// <summary>
    /// Per cell, how many rows to flag, and on the diagonal how many to keep: the calibrated counts, but at least one row of
    /// each label stays, at the cost of its other cells in equal parts.
    /// </summary>
    public long[] PruneCounts()
    {
        double[] kept = new double[Cells.Length];
        bool changed = false;
        for (int k = 0; k < Classes; k++)
        {
            ReadOnlySpan<JointCell> row = Row(k);
            int nonZero = 0;
            long diagonal = 0;
            foreach (JointCell cell in row)
            {
                nonZero += cell.Calibrated != 0 ? 1 : 0;
                diagonal = cell.True == k ? cell.Calibrated : diagonal;
            }

            // As the reference implementation counts: a diagonal of 0 is no cell, and still one is taken off.
            double share = (double)(Math.Max(diagonal, 1) - diagonal) / Math.Max(nonZero - 1, 1);
            changed |= share > 0;
            for (int i = 0; i < row.Length; i++)
            {
                kept[starts[k] + i] = row[i].True == k ? Math.Max(diagonal, 1) : Math.Max(row[i].Calibrated - share, 0);
            }
        }

        return changed ? RoundByTrueClass(kept) : [.. kept.Select(v => (long)v)];
    }

    /// <summary>Rounds so that the sum over the labels of each true class is kept.</summary>
    private long[] RoundByTrueClass(double[] kept)
    {
        long[] rounded = new long[kept.Length];
        foreach (IGrouping<int, int> column in Enumerable.Range(0, kept.Length).GroupBy(i => Cells[i].True))
        {
            int[] at = [.. column.Order()];
            long[] whole = Rounding.Settle([.. at.Select(i => kept[i])]);
            for (int i = 0; i < at.Length; i++)
            {
                rounded[at[i]] = whole[i];
            }
        }

        return rounded;
    }
}
