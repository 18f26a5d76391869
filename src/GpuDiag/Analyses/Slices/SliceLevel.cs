namespace GpuDiag.Analyses.Slices;

/// <summary>Conjunctions of one level that may have worse ones below them, in the order of their values.</summary>
/// <param name="Level">Values of each.</param>
/// <param name="Members">Level values per conjunction, ascending.</param>
/// <param name="Counts">Per conjunction.</param>
internal sealed record SliceLevel(int Level, int[] Members, SliceCounts[] Counts)
{
    public int Count => Counts.Length;

    public ReadOnlySpan<int> Of(int i) => Members.AsSpan(i * Level, Level);
}
