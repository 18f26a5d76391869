namespace GpuDiag.Analyses.Slices;

/// <summary>A conjunction that was evaluated.</summary>
/// <param name="Members">Its values, as places in the list of all values that may take part, ascending.</param>
/// <param name="Rows">Rows with all of them.</param>
/// <param name="Errors">Mispredicted ones.</param>
/// <param name="Sum">Of the rows' values, in steps.</param>
/// <param name="Score">By <see cref="SliceScore"/>.</param>
internal sealed record Slice(int[] Members, long Rows, long Errors, long Sum, double Score) : IComparable<Slice>
{
    public int Level => Members.Length;

    /// <summary>The better one first: by score, then fewer values, then more rows, then the values' order. No two are equal.</summary>
    public int CompareTo(Slice? other)
    {
        ArgumentNullException.ThrowIfNull(other);
        int order = other.Score.CompareTo(Score);
        order = order != 0 ? order : Level.CompareTo(other.Level);
        order = order != 0 ? order : other.Rows.CompareTo(Rows);
        return order != 0 ? order : Members.AsSpan().SequenceCompareTo(other.Members);
    }
}
