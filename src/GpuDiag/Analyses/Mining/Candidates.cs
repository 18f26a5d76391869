namespace GpuDiag.Analyses.Mining;

/// <summary>A pool row that may be chosen.</summary>
/// <param name="Row">Position in the pool.</param>
/// <param name="Score">Larger is better, never NaN.</param>
/// <param name="Anchor">Position of the nearest failure, or −1.</param>
/// <param name="Distance">To it.</param>
internal readonly record struct Candidate(long Row, double Score, int Anchor, double Distance) : IComparable<Candidate>
{
    /// <summary>Better ones first: by score, then by lower row.</summary>
    public int CompareTo(Candidate other)
    {
        int byScore = other.Score.CompareTo(Score);
        return byScore != 0 ? byScore : Row.CompareTo(other.Row);
    }
}

/// <summary>
/// The best candidates of those offered, so many at most. The outcome depends on the set of candidates alone, so any order
/// and any cut of the pool give the same.
/// </summary>
/// <param name="capacity">At least 1.</param>
internal sealed class Candidates(int capacity)
{
    private readonly List<Candidate> kept = [];
    private double floor = double.NegativeInfinity;

    /// <summary>Candidates were offered that are not kept.</summary>
    public bool WasCut { get; private set; }

    public void Add(in Candidate candidate)
    {
        if (candidate.Score < floor)
        {
            WasCut = true;
            return;
        }

        kept.Add(candidate);
        if (kept.Count >= 2L * capacity)
        {
            Cut();
        }
    }

    /// <summary>The best first.</summary>
    public IReadOnlyList<Candidate> Finish()
    {
        Cut();
        return kept;
    }

    private void Cut()
    {
        kept.Sort();
        if (kept.Count > capacity)
        {
            kept.RemoveRange(capacity, kept.Count - capacity);
            floor = kept[^1].Score;
            WasCut = true;
        }
    }
}
