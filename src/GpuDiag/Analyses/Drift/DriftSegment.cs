namespace GpuDiag.Analyses.Drift;

/// <summary>A segmentation whose values are cells of accuracy.</summary>
/// <param name="Columns">One column, or several that are crossed; none: all rows as one.</param>
/// <param name="Asked">Asked for by name, not found.</param>
internal sealed record DriftSegment(IReadOnlyList<string> Columns, bool Asked)
{
    /// <summary>Columns joined by <c>*</c>; null for all rows as one.</summary>
    public string? Name => Columns.Count == 0 ? null : string.Join('*', Columns);

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
    }

    public static DriftSegment Read(BinaryReader reader)
    {
        bool asked = reader.ReadBoolean();
        List<string> columns = [];
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            columns.Add(reader.ReadString());
        }

        return new DriftSegment(columns, asked);
    }
}
