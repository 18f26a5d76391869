using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>Which columns play which roles. A null role is not there.</summary>
public sealed record Roles
{
    /// <summary>Stands for the true class where a table need not have one.</summary>
    internal static Field NoLabel { get; } = new("", FieldType.Unsupported, "");

    public required Field Label { get; init; }

    /// <summary>Null: the arg max of the probabilities.</summary>
    public Field? Pred { get; init; }

    /// <summary>One list column, or one float column per class in class order. Empty: no probabilities.</summary>
    public IReadOnlyList<Field> Probs { get; init; } = [];

    public Field? Confidence { get; init; }

    public Field? Id { get; init; }

    public Field? Split { get; init; }

    /// <summary>A list of floats per row.</summary>
    public Field? Embedding { get; init; }

    public Field? Image { get; init; }

    public Field? Text { get; init; }

    public required IReadOnlyList<SegmentRole> Segments { get; init; }

    /// <summary>What was taken and why, for people and run.json.</summary>
    public required IReadOnlyList<RoleTaken> Taken { get; init; }
}

/// <summary>One segmentation: a column, or a cross of columns.</summary>
/// <param name="Name">As reported: the column, or columns joined by <c>*</c>.</param>
/// <param name="Parts">The columns, each with the quantile bins it is cut into; 0 bins = by value.</param>
/// <param name="Found">Taken for its low cardinality: dropped silently when it turns out to be high.</param>
/// <param name="Hidden">Counted but not reported: the split where other segments, or none, were asked for.</param>
public sealed record SegmentRole(string Name, IReadOnlyList<(Field Field, int Bins)> Parts, bool Found, bool Hidden = false)
{
    /// <summary>Some column of it is cut into quantile bins.</summary>
    public bool IsCut
    {
        get
        {
            bool cut = false;
            for (int i = 0; i < Parts.Count; i++)
            {
                cut |= Parts[i].Bins > 0;
            }

            return cut;
        }
    }
}
