namespace GpuDiag.Analyses.Slices;

/// <summary>The best slices so far, at most so many.</summary>
internal sealed class TopSlices(int most)
{
    private readonly SortedSet<Slice> best = [];

    public IReadOnlyCollection<Slice> Best => best;

    public bool IsFull => best.Count >= most;

    /// <summary>A slice of a further level, whose score is not above this, is none of the best: of equal scores fewer values win.</summary>
    public double Threshold => IsFull ? best.Max!.Score : 0;

    public void Add(Slice slice)
    {
        best.Add(slice);
        if (best.Count > most)
        {
            best.Remove(best.Max!);
        }
    }
}
