using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// The mispredicted rows and what their scores say, noted while probabilities are read, so that causes need not score every row once more.
/// Of more than <see cref="Most"/> rows it holds none: then the data is read again. Row numbers alone decide what it holds, in any order of taking.
/// </summary>
internal sealed class NotedErrors
{
    /// <summary>Rows at most, of all threads together: 48 MB.</summary>
    public const int Most = 1 << 20;

    /// <summary>Bytes of <c>--memory</c> for each row held: what they take stays a small part of it.</summary>
    public const int MemoryShare = 1 << 10;

    private readonly List<TopRow> rows = [];
    private readonly NotedErrors whole;
    private readonly int most;
    private int taken;
    private TopRow[]? sorted;

    /// <param name="most">Rows at most.</param>
    public NotedErrors(int most = Most) => (this.most, whole) = (most, this);

    private NotedErrors(NotedErrors whole) => this.whole = whole;

    /// <summary>All errors are here.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>By row number; none where they are not all here.</summary>
    public IReadOnlyList<TopRow> Rows => Sorted();

    /// <summary>One thread's part, to be merged; parts share the room.</summary>
    public NotedErrors Part() => new(this);

    /// <summary>Takes the errors of a batch: a label and a prediction that differ.</summary>
    public void Accept(long firstRow, int count, RowColumns columns)
    {
        for (int i = 0; i < count && IsComplete; i++)
        {
            int label = columns.Label[i], prediction = columns.Prediction[i];
            if (label != prediction && label != Domain.Null && prediction != Domain.Null)
            {
                Add(columns.Row(firstRow + i, i) with { Key = columns.Scores!.Loss[i] });
            }
        }
    }

    /// <summary>Some errors are not to be had: what there is goes.</summary>
    public void Drop()
    {
        IsComplete = false;
        rows.Clear();
        rows.Capacity = 0;
    }

    /// <summary>Takes over what a part of this holds.</summary>
    public void Merge(NotedErrors part)
    {
        if (part.IsComplete && IsComplete)
        {
            rows.AddRange(part.rows);
        }
        else
        {
            Drop();
        }

        part.rows.Clear();
        part.rows.Capacity = 0;
    }

    /// <summary>The place among <see cref="Rows"/> of the first that is not before a row.</summary>
    public int FirstFrom(long row)
    {
        TopRow[] all = Sorted();
        int from = 0, to = all.Length;
        while (from < to)
        {
            int middle = (from + to) / 2;
            (from, to) = all[middle].Row < row ? (middle + 1, to) : (from, middle);
        }

        return from;
    }

    private void Add(in TopRow row)
    {
        if (IsComplete && Interlocked.Increment(ref whole.taken) <= whole.most)
        {
            rows.Add(row);
        }
        else
        {
            Drop();
        }
    }

    private TopRow[] Sorted()
    {
        lock (rows)
        {
            if (sorted is null)
            {
                TopRow[] all = rows.ToArray();
                Array.Sort(Array.ConvertAll(all, r => r.Row), all);
                sorted = all;
            }

            return sorted;
        }
    }
}
