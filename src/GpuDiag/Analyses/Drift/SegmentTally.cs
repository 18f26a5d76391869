using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Drift;

/// <summary>A value of a segmentation and a class; null is no value.</summary>
internal readonly record struct SegmentCell(string? Value, string? Label) : IComparable<SegmentCell>
{
    public int CompareTo(SegmentCell other)
    {
        int byValue = string.CompareOrdinal(Value, other.Value);
        return byValue != 0 ? byValue : string.CompareOrdinal(Label, other.Label);
    }
}

/// <summary>Rows with a label and a prediction, and how many of them are right.</summary>
internal readonly record struct RightRows(long Rows, long Correct)
{
    public double Accuracy => (double)Correct / Rows;

    public static RightRows operator +(RightRows a, RightRows b) => new(a.Rows + b.Rows, a.Correct + b.Correct);

    public static RightRows Add(RightRows left, RightRows right) => left + right;
}

/// <summary>
/// One segmentation of one side: right rows by value and class, and the calibration of each value. Law: as
/// <see cref="IState{TSelf}"/>.
/// </summary>
/// <param name="name">The column, or columns joined by <c>*</c>; null: all rows as one.</param>
internal sealed class SegmentTally(string? name)
{
    /// <summary>Values up to which a segmentation that was not asked for counts.</summary>
    public const int MostValues = 100;

    /// <summary>Values up to which one that was asked for does.</summary>
    public const int MostAsked = 10_000;

    private readonly SortedDictionary<SegmentCell, RightRows> cells = [];
    private readonly SortedDictionary<string, CalibrationCell[]> bins = new(StringComparer.Ordinal);
    private readonly SortedSet<string> values = new(StringComparer.Ordinal);

    public string? Name { get; } = name;

    /// <summary>It has too many values, so it does not count.</summary>
    public bool TooMany { get; private set; }

    /// <summary>Of rows with a label and a prediction.</summary>
    public IReadOnlyDictionary<SegmentCell, RightRows> Cells => cells;

    /// <summary>By value (null as <see cref="NullKey"/>): the fifteen bins of confidence of rows with a prediction.</summary>
    public IReadOnlyDictionary<string, CalibrationCell[]> Bins => bins;

    /// <summary>Of all rows, also those that nothing is told of; null left out.</summary>
    public IReadOnlyCollection<string> Values => values;

    /// <summary>The key of rows without a value; no text begins so.</summary>
    public const string NullKey = "\0";

    public RightRows All => cells.Values.Aggregate(default(RightRows), RightRows.Add);

    /// <summary>Takes over counts of one dataset.</summary>
    /// <param name="table">The counts.</param>
    /// <param name="labelled">Labels are labels; else predictions stand in their place, and nothing is known to be right.</param>
    /// <param name="calibrated">There are confidences.</param>
    public void Add(CountTable table, bool labelled, bool calibrated)
    {
        if (table.Segment is { Overflowed: true })
        {
            TooMany = true;
            return;
        }

        HashSet<int> segments = [];
        foreach (Cell cell in table.Cells)
        {
            segments.Add(cell.Segment);
            if (labelled && cell.Label != Domain.Null && cell.Prediction != Domain.Null)
            {
                SegmentCell key = new(Text(table.Segment, cell.Segment), table.Classes.Text(cell.Label));
                cells[key] = cells.GetValueOrDefault(key) + new RightRows(cell.Count, cell.Label == cell.Prediction ? cell.Count : 0);
            }
        }

        values.UnionWith(segments.Select(s => Text(table.Segment, s)).OfType<string>());
        foreach (int segment in calibrated ? segments : [])
        {
            CalibrationCell[] slots = Slots(Text(table.Segment, segment) ?? NullKey);
            for (int bin = 0; bin < Calibration.Bins; bin++)
            {
                CalibrationCell cell = table.Calibration(segment, bin);
                Add(ref slots[bin], labelled ? cell : cell with { Correct = 0 });
            }
        }
    }

    public void Merge(SegmentTally other, int most)
    {
        foreach ((SegmentCell key, RightRows rows) in other.cells)
        {
            cells[key] = cells.GetValueOrDefault(key) + rows;
        }

        foreach ((string value, CalibrationCell[] slots) in other.bins)
        {
            CalibrationCell[] mine = Slots(value);
            for (int bin = 0; bin < slots.Length; bin++)
            {
                Add(ref mine[bin], slots[bin]);
            }
        }

        values.UnionWith(other.values);
        TooMany |= other.TooMany || values.Count > most;
        if (TooMany)
        {
            cells.Clear();
            bins.Clear();
            values.Clear();
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Name ?? NullKey);
        writer.Write(TooMany);
        writer.Write(cells.Count);
        foreach ((SegmentCell key, RightRows rows) in cells)
        {
            writer.Write(key.Value ?? NullKey);
            writer.Write(key.Label ?? NullKey);
            writer.Write(rows.Rows);
            writer.Write(rows.Correct);
        }

        writer.Write(values.Count);
        foreach (string value in values)
        {
            writer.Write(value);
        }

        writer.Write(bins.Count);
        foreach ((string value, CalibrationCell[] slots) in bins)
        {
            writer.Write(value);
            foreach (CalibrationCell slot in slots)
            {
                writer.Write(slot.Rows);
                writer.Write(slot.Correct);
                slot.Confidence.Write(writer);
            }
        }
    }

    public static SegmentTally Read(BinaryReader reader)
    {
        SegmentTally tally = new(Null(reader.ReadString())) { TooMany = reader.ReadBoolean() };
        int count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            SegmentCell key = new(Null(reader.ReadString()), Null(reader.ReadString()));
            RightRows rows = new(reader.ReadInt64(), reader.ReadInt64());
            if (rows.Rows is <= 0 or > 1L << 52 || rows.Correct < 0 || rows.Correct > rows.Rows || !tally.cells.TryAdd(key, rows))
            {
                throw new InvalidDataException("the counts of a segment do not agree");
            }
        }

        count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            if (!tally.values.Add(reader.ReadString()))
            {
                throw new InvalidDataException("the values of a segment do not agree");
            }
        }

        count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            CalibrationCell[] slots = tally.Slots(reader.ReadString());
            for (int bin = 0; bin < slots.Length; bin++)
            {
                slots[bin] = new CalibrationCell(reader.ReadInt64(), reader.ReadInt64(), Kernels.Algebra.FixedSum.Read(reader));
            }
        }

        return tally;

        static string? Null(string text) => text == NullKey ? null : text;
    }

    private static string? Text(Domain? domain, int code) => domain is null || code == Domain.Null ? null : domain.Text(code);

    private static void Add(ref CalibrationCell sum, in CalibrationCell addend) =>
        sum = new CalibrationCell(sum.Rows + addend.Rows, sum.Correct + addend.Correct, sum.Confidence + addend.Confidence);

    private CalibrationCell[] Slots(string value)
    {
        if (!bins.TryGetValue(value, out CalibrationCell[]? slots))
        {
            bins.Add(value, slots = new CalibrationCell[Calibration.Bins]);
        }

        return slots;
    }
}
