using System.Runtime.InteropServices;

namespace GpuDiag.Engine;

/// <summary>A row kept by <see cref="TopRows"/>.</summary>
/// <param name="Row">Position in the dataset.</param>
/// <param name="Key">What rows are ordered by, larger first.</param>
/// <param name="Label">Class code.</param>
/// <param name="Prediction">Class code.</param>
public readonly record struct TopRow(long Row, double Key, int Label, int Prediction, double Confidence, double Loss);

/// <summary>
/// The <c>capacity</c> rows with the largest keys, the lower row number first among equals; NaN keys last.
/// Law: the outcome depends on the set of rows alone, so any split and any merge give the same.
/// </summary>
public sealed class TopRows(int capacity)
{
    private readonly List<TopRow> rows = [];

    /// <summary>Keys below this cannot enter any more. −∞ until the capacity is reached.</summary>
    public double Threshold { get; private set; } = double.NegativeInfinity;

    public void Add(in TopRow row)
    {
        if (capacity == 0 || Rank(row.Key) < Threshold)
        {
            return;
        }

        rows.Add(row);
        if (rows.Count >= 2L * capacity)
        {
            Cut();
        }
    }

    public void Merge(TopRows other)
    {
        ArgumentNullException.ThrowIfNull(other);
        rows.AddRange(other.rows);
        if (rows.Count > capacity)
        {
            Cut();
        }
    }

    /// <summary>The rows kept, in the order of the dataset.</summary>
    public IReadOnlyList<TopRow> Finish()
    {
        if (rows.Count > capacity)
        {
            Cut();
        }

        rows.Sort((a, b) => a.Row.CompareTo(b.Row));
        return rows;
    }

    private static double Rank(double key) => double.IsNaN(key) ? double.NegativeInfinity : key;

    private void Cut()
    {
        CollectionsMarshal.AsSpan(rows).Sort((a, b) =>
        {
            int byKey = Rank(b.Key).CompareTo(Rank(a.Key));
            return byKey != 0 ? byKey : a.Row.CompareTo(b.Row);
        });
        CollectionsMarshal.SetCount(rows, capacity);
        Threshold = capacity == 0 ? double.PositiveInfinity : Rank(rows[^1].Key);
    }
}
