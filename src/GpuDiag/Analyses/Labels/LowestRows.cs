namespace GpuDiag.Analyses.Labels;

/// <summary>
/// The rows with the lowest values, as many as the capacity; the lower row number first among equals.
/// Law: the outcome depends on the set of rows alone, so any split and any merge give the same.
/// </summary>
internal sealed class LowestRows(long capacity)
{
    private static readonly Comparer<(double Value, long Row)> HighestFirst =
        Comparer<(double Value, long Row)>.Create((a, b) => a.Value != b.Value ? b.Value.CompareTo(a.Value) : b.Row.CompareTo(a.Row));

    private PriorityQueue<IssueRow, (double Value, long Row)> rows = new(HighestFirst);

    /// <summary>Values above this cannot enter any more. +∞ until the capacity is reached.</summary>
    public double Threshold { get; private set; } = capacity == 0 ? double.NegativeInfinity : double.PositiveInfinity;

    /// <summary>No NaN.</summary>
    public void Add(double value, in IssueRow row)
    {
        if (value > Threshold)
        {
            return;
        }

        if (rows.Count < capacity)
        {
            rows.Enqueue(row, (value, row.Row));
        }
        else
        {
            rows.EnqueueDequeue(row, (value, row.Row));
        }

        if (rows.Count == capacity && rows.TryPeek(out _, out (double Value, long Row) highest))
        {
            Threshold = highest.Value;
        }
    }

    /// <summary>Takes the rows of another of the same capacity, which is empty then: millions of them are not there twice.</summary>
    public void Merge(LowestRows other)
    {
        if (rows.Count == 0)
        {
            (rows, other.rows, Threshold) = (other.rows, rows, other.Threshold);
            return;
        }

        foreach ((IssueRow row, (double value, long _)) in other.rows.UnorderedItems)
        {
            Add(value, row);
        }

        other.rows = new(HighestFirst);
    }

    /// <summary>In no order.</summary>
    public IEnumerable<IssueRow> Finish() => rows.UnorderedItems.Select(r => r.Element);
}
