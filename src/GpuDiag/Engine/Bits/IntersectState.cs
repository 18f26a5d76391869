namespace GpuDiag.Engine.Bits;

/// <summary>Per candidate how many rows are in all of its sets, and how many of these in each plane.</summary>
public sealed class IntersectState : IState<IntersectState>
{
    private readonly long[] counts;

    public IntersectState(IntersectPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Plan = plan;
        counts = new long[checked(plan.Candidates * (1 + plan.Planes))];
    }

    public IntersectPlan Plan { get; }

    /// <summary>Of a candidate: its rows, then its rows in each plane.</summary>
    public Span<long> Counts(int candidate) => counts.AsSpan(candidate * (1 + Plan.Planes), 1 + Plan.Planes);

    internal Span<long> All => counts;

    public void Merge(IntersectState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
        }
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Array.ForEach(counts, writer.Write);
    }
}
