using GpuDiag.Columns;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>
/// Labels and predictions of rows in the order of the data: of all rows up to 2^20, beyond that of 1,024 windows of 1,024
/// rows that lie evenly over the data. Row numbers alone decide, and threads write the rows of their own batches, so the
/// content depends neither on files and chunks nor on threads. 8 MB at most.
/// </summary>
internal sealed class RowSequence
{
    public const int MostRows = Windows * WindowRows;

    private const int Windows = 1 << 10, WindowRows = 1 << 10;

    private readonly int[] labels;
    private readonly int[] predictions;

    /// <summary>The first row of each window; none where all rows are held.</summary>
    private readonly long[] starts;
    private int? codes;

    /// <param name="rows">Rows of the dataset.</param>
    public RowSequence(long rows)
    {
        Rows = rows;
        IsComplete = rows <= MostRows;
        labels = new int[IsComplete ? rows : MostRows];
        predictions = new int[labels.Length];
        starts = new long[IsComplete ? 0 : Windows];
        for (int window = 0; window < starts.Length; window++)
        {
            starts[window] = (long)((Int128)window * rows / Windows);
        }
    }

    /// <summary>Rows of the dataset.</summary>
    public long Rows { get; }

    /// <summary>Every row is held.</summary>
    public bool IsComplete { get; }

    /// <summary>Rows held; they are numbered as they lie in the data.</summary>
    public int Held => labels.Length;

    /// <summary>Class codes of the rows held, 0 without one.</summary>
    public ReadOnlySpan<int> Labels => labels;

    public ReadOnlySpan<int> Predictions => predictions;

    /// <summary>Class codes of the rows held are below this.</summary>
    public int Codes => Held == 0 ? 1 : codes ??= Math.Max(labels.Max(), predictions.Max()) + 1;

    /// <summary>Position in the dataset of a row held.</summary>
    public long RowOf(int held) => IsComplete ? held : starts[held / WindowRows] + (held % WindowRows);

    /// <summary>The places of the rows held that follow each other in the dataset, this one among them.</summary>
    public (int Start, int End) Run(int held) => IsComplete ? (0, Held) : (held / WindowRows * WindowRows, ((held / WindowRows) + 1) * WindowRows);

    /// <summary>The place of a row of the dataset among those held; −1 for none.</summary>
    public int Find(long row)
    {
        if (row < 0 || row >= Rows)
        {
            return -1;
        }

        if (IsComplete)
        {
            return (int)row;
        }

        int window = WindowAt(row);
        long offset = row - starts[window];
        return offset < WindowRows ? (int)((window * WindowRows) + offset) : -1;
    }

    /// <summary>Rows held from a row of the dataset on: the place of the first that is not before it.</summary>
    public int FirstFrom(long row)
    {
        if (row >= Rows)
        {
            return Held;
        }

        int window = IsComplete ? 0 : WindowAt(row);
        return IsComplete ? (int)row : (window * WindowRows) + (int)Math.Min(WindowRows, row - starts[window]);
    }

    /// <summary>Takes what it holds of a batch's rows.</summary>
    public void Accept(long firstRow, int count, CodeColumn label, CodeColumn prediction)
    {
        for (int held = FirstFrom(firstRow); held < Held; held++)
        {
            long row = RowOf(held) - firstRow;
            if (row >= count)
            {
                return;
            }

            labels[held] = label[(int)row];
            predictions[held] = prediction[(int)row];
        }
    }

    /// <summary>Writes what it holds of a range of rows.</summary>
    public void Save(BinaryWriter writer, (long First, long End) rows)
    {
        int first = FirstFrom(rows.First), end = Math.Max(first, FirstFrom(rows.End));
        writer.Write(first);
        writer.Write(end);
        for (int held = first; held < end; held++)
        {
            writer.Write7BitEncodedInt(labels[held]);
            writer.Write7BitEncodedInt(predictions[held]);
        }
    }

    /// <summary>Takes what was written.</summary>
    /// <param name="reader">At it.</param>
    /// <param name="classes">The code here of each code there.</param>
    public void Load(BinaryReader reader, int[] classes)
    {
        int first = reader.ReadInt32(), end = reader.ReadInt32();
        for (int held = first; held < end; held++)
        {
            labels[held] = classes[reader.Read7BitEncodedInt()];
            predictions[held] = classes[reader.Read7BitEncodedInt()];
        }
    }

    /// <summary>The last window that does not start after the row.</summary>
    private int WindowAt(long row)
    {
        int found = Array.BinarySearch(starts, row);
        return found >= 0 ? found : ~found - 1;
    }
}
