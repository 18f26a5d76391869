namespace GpuDiag.Analyses.Drift;

/// <summary>A segmentation whose values are cells of accuracy.</summary>
/// <param name="Columns">One column, or several that are crossed; none: all rows as one.</param>
/// <param name="Asked">Asked for by name, not found.</param>
internal sealed record DriftSegment(IReadOnlyList<string> Columns, bool Asked)
{
    /// <summary>How its one column becomes cells; null: its columns have categories.</summary>
    public DriftCut? Cut { get; init; }

    /// <summary>Columns joined by <c>*</c>, of clusters <c>cluster(COL)</c>; null for all rows as one.</summary>
    public string? Name => Columns.Count == 0 ? null : Cut is { IsClusters: true } ? $"cluster({Columns[0]})" : string.Join('*', Columns);

    /// <summary>Both have the same cells.</summary>
    public bool IsLike(DriftSegment other) => Name == other.Name && DriftCut.Same(Cut, other.Cut);

    /// <summary>Values above which it does not count.</summary>
    public int MostValues => Asked ? SegmentTally.MostAsked : SegmentTally.MostValues;

    public void Write(BinaryWriter writer)
    {
        writer.Write(Asked);
        writer.Write(Columns.Count);
        foreach (string column in Columns)
        {
            writer.Write(column);
        }

        writer.Write(Cut is not null);
        Cut?.Write(writer);
    }

    public static DriftSegment Read(BinaryReader reader)
    {
        bool asked = reader.ReadBoolean();
        List<string> columns = [];
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            columns.Add(reader.ReadString());
        }

        DriftCut? cut = reader.ReadBoolean() ? DriftCut.Read(reader) : null;
        return cut is null || columns.Count == 1 ? new DriftSegment(columns, asked) { Cut = cut } : throw new InvalidDataException("the bins of a segment do not agree");
    }
}
