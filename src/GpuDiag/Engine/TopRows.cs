using System.Runtime.InteropServices;

namespace GpuDiag.Engine;

/// <summary>A row kept by <see cref="TopRows"/>.</summary>
/// <param name="Row">Position in the dataset.</param>
/// <param name="Key">What rows are ordered by, larger first.</param>
/// <param name="Label">Class code.</param>
/// <param name="Prediction">Class code.</param>
/// <param name="Quality">Of the label; NaN where it is not judged.</param>
public readonly record struct TopRow(long Row, double Key, int Label, int Prediction, double Confidence, double Loss, double Quality = double.NaN);

/// <summary>
/// The <c>capacity</c> rows with the largest keys, the lower row number first among equals; NaN keys last.
/// Law: the outcome depends on the set of rows alone, so any split and any merge give the same.
/// </summary>
public sealed class TopRows(int capacity)
{
    private readonly List<TopRow> rows = [];

    /// <summary>Keys below this cannot enter any more. −∞ until the capacity is reached.</summary>
    public double Threshold { get; private set; } = capacity == 0 ? double.PositiveInfinity : double.NegativeInfinity;

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
        Cut();
    }

    /// <summary>The rows kept, in the order of the dataset.</summary>
    public IReadOnlyList<TopRow> Finish()
    {
        Cut();
        rows.Sort((a, b) => a.Row.CompareTo(b.Row));
        return rows;
    }

    /// <summary>The numbers of the rows kept: the largest key first, NaN last; among equals the lower row first.</summary>
    public long[] WorstFirst()
    {
        IReadOnlyList<TopRow> kept = Finish();
        double[] keys = new double[kept.Count];
        long[] numbers = new long[kept.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = Rank(kept[i].Key);
            numbers[i] = kept[i].Row;
        }

        int[] order = new int[keys.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        // Rows stand in ascending order.
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : a.CompareTo(b));
        return Array.ConvertAll(order, i => numbers[i]);
    }

    private static double Rank(double key) => double.IsNaN(key) ? double.NegativeInfinity : key;

    /// <summary>Keeps the capacity's worth. Selects among plain numbers, not rows: this runs a few times per million rows.</summary>
    private void Cut()
    {
        if (rows.Count <= capacity)
        {
            return;
        }

        Span<TopRow> all = CollectionsMarshal.AsSpan(rows);
        double[] ranks = new double[all.Length];
        for (int i = 0; i < ranks.Length; i++)
        {
            ranks[i] = Rank(all[i].Key);
        }

        Threshold = Selection.Nth(ranks, ranks.Length - capacity);
        int above = 0;
        List<TopRow> level = [];
        foreach (TopRow row in all)
        {
            double rank = Rank(row.Key);
            if (rank > Threshold)
            {
                all[above++] = row;
            }
            else if (rank == Threshold)
            {
                level.Add(row);
            }
        }

        level.Sort((a, b) => a.Row.CompareTo(b.Row));
        CollectionsMarshal.AsSpan(level)[..(capacity - above)].CopyTo(all[above..]);
        CollectionsMarshal.SetCount(rows, capacity);
    }
}
