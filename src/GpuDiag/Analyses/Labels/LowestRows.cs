namespace GpuDiag.Analyses.Labels;

/// <summary>
/// The rows with the lowest values, as many as the capacity; the lower row number first among equals.
/// Law: the outcome depends on the set of rows alone, so any split and any merge give the same. Memory for twice the
/// capacity at most.
/// </summary>
internal sealed class LowestRows(long capacity)
{
    private readonly List<(double Value, IssueRow Row)> rows = [];

    /// <summary>Values above this cannot enter any more. +∞ until the capacity is reached.</summary>
    public double Threshold { get; private set; } = capacity == 0 ? double.NegativeInfinity : double.PositiveInfinity;

    /// <summary>No NaN.</summary>
    public void Add(double value, in IssueRow row)
    {
        if (value <= Threshold)
        {
            rows.Add((value, row));
            if (rows.Count >= 2 * capacity)
            {
                Cut();
            }
        }
    }

    public void Merge(LowestRows other)
    {
        rows.AddRange(other.rows);
        Cut();
    }

    public IEnumerable<IssueRow> Finish()
    {
        Cut();
        return rows.Select(r => r.Row);
    }

    private void Cut()
    {
        if (rows.Count < capacity)
        {
            return;
        }

        rows.Sort((a, b) => a.Value != b.Value ? a.Value.CompareTo(b.Value) : a.Row.Row.CompareTo(b.Row.Row));
        rows.RemoveRange((int)capacity, rows.Count - (int)capacity);
        Threshold = capacity == 0 ? double.NegativeInfinity : rows[^1].Value;
    }
}
