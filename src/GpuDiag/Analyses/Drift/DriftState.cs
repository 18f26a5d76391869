using GpuDiag.Engine;

namespace GpuDiag.Analyses.Drift;

/// <summary>One dataset as far as it is compared: a tally per column of the reference that it has.</summary>
internal sealed class DriftState : IState<DriftState>
{
    /// <param name="columns">The reference's columns; of a dataset that lacks some, those it has.</param>
    /// <param name="segments">Segmentations, all rows as one first; empty where there are no predictions.</param>
    public DriftState(IReadOnlyList<DriftColumn> columns, IReadOnlyList<DriftSegment> segments)
        : this(columns, [.. columns.Select(ColumnTally.For)], segments, [.. segments.Select(s => new SegmentTally(s.Name))])
    {
    }

    private DriftState(IReadOnlyList<DriftColumn> columns, IReadOnlyList<ColumnTally> tallies, IReadOnlyList<DriftSegment> segmentations, IReadOnlyList<SegmentTally> segments) =>
        (Columns, Tallies, Segmentations, Segments) = (columns, tallies, segmentations, segments);

    public IReadOnlyList<DriftColumn> Columns { get; }

    /// <summary>In the order of the columns.</summary>
    public IReadOnlyList<ColumnTally> Tallies { get; }

    /// <summary>The segmentations that can be counted here.</summary>
    public IReadOnlyList<DriftSegment> Segmentations { get; }

    /// <summary>In the order of the segmentations.</summary>
    public IReadOnlyList<SegmentTally> Segments { get; }

    public long Rows { get; set; }

    /// <summary>Rows with a label and a prediction.</summary>
    public long Labelled => Segments.Count > 0 ? Segments[0].All.Rows : 0;

    /// <summary>Takes over what was counted of this dataset.</summary>
    public void Count(CountState counts, bool labelled)
    {
        ArgumentNullException.ThrowIfNull(counts);
        for (int i = 0; i < Segments.Count; i++)
        {
            CountTable table = i == 0 ? counts.Overall : counts.Segments[i - 1];
            SegmentTally counted = new(Segments[i].Name);
            counted.Add(table, labelled, counts.Plan.Calibration);
            Segments[i].Merge(counted, Segmentations[i].MostValues);
        }
    }

    /// <summary>The same tallies, with what another pass counted.</summary>
    public DriftState WithSegments(DriftState other) => new(Columns, Tallies, other.Segmentations, other.Segments) { Rows = Rows };

    /// <summary>The same with the segmentations that another reading of the same rows counted, all rows as one not again.</summary>
    public DriftState With(DriftState counted) =>
        new(Columns, Tallies, [.. Segmentations, .. counted.Segmentations.Skip(1)], [.. Segments, .. counted.Segments.Skip(1)]) { Rows = Rows };

    /// <summary>The same without the segmentations that do not hold.</summary>
    public DriftState Where(Func<DriftSegment, bool> holds)
    {
        int[] kept = [.. Enumerable.Range(0, Segmentations.Count).Where(i => holds(Segmentations[i]))];
        return new DriftState(Columns, Tallies, [.. kept.Select(i => Segmentations[i])], [.. kept.Select(i => Segments[i])]) { Rows = Rows };
    }

    /// <summary>The tally of a column, or null where the dataset has none.</summary>
    public ColumnTally? Find(DriftColumn column)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == column.Name && Columns[i].Kind == column.Kind)
            {
                return Tallies[i];
            }
        }

        return null;
    }

    public void Merge(DriftState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Rows += other.Rows;
        for (int i = 0; i < Tallies.Count; i++)
        {
            Tallies[i].Merge(other.Tallies[i]);
        }

        for (int i = 0; i < Segments.Count; i++)
        {
            Segments[i].Merge(other.Segments[i], Segmentations[i].MostValues);
        }
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Rows);
        writer.Write(Columns.Count);
        for (int i = 0; i < Columns.Count; i++)
        {
            Columns[i].Write(writer);
            Tallies[i].Write(writer);
        }

        writer.Write(Segments.Count);
        for (int i = 0; i < Segments.Count; i++)
        {
            Segmentations[i].Write(writer);
            Segments[i].Write(writer);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Whether its counts agree is for <see cref="DriftStateCheck"/> to say.</summary>
    /// <exception cref="InvalidDataException">No state is so written.</exception>
    public static DriftState Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        long rows = reader.ReadInt64();
        List<DriftColumn> columns = [];
        List<ColumnTally> tallies = [];
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            columns.Add(DriftColumn.Read(reader));
            tallies.Add(ColumnTally.Read(columns[^1], reader));
        }

        List<DriftSegment> segmentations = [];
        List<SegmentTally> segments = [];
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            segmentations.Add(DriftSegment.Read(reader));
            segments.Add(SegmentTally.Read(reader));
        }

        return new DriftState(columns, tallies, segmentations, segments) { Rows = rows };
    }
}
