namespace GpuDiag.Engine;

/// <summary>Per partition of the plan: negative rows (label is another class) and positive rows in each slot.</summary>
public sealed class RankState(RankPlan plan) : IState<RankState>
{
    public RankPlan Plan { get; } = plan;

    /// <summary>Index as in the plan; null where the plan has no partition. Length = the partition's slots.</summary>
    public long[]?[] Negatives { get; } = [.. plan.Partitions.Select(p => p is null ? null : new long[p.Slots])];

    public long[]?[] Positives { get; } = [.. plan.Partitions.Select(p => p is null ? null : new long[p.Slots])];

    public void Merge(RankState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Add(Negatives, other.Negatives);
        Add(Positives, other.Positives);
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int k = Plan.ClassCodes.Length;
        int[] segments = Plan.Segment is null ? [0] : [0, .. Plan.Segment.SortedCodes()];
        foreach (int segment in segments)
        {
            for (int c = 0; c < k; c++)
            {
                int i = (segment * k) + c;
                if (i < Negatives.Length && Negatives[i] is { } negatives)
                {
                    writer.Write(Plan.Segment?.Text(segment) ?? "");
                    writer.Write(c);
                    Array.ForEach(negatives, writer.Write);
                    Array.ForEach(Positives[i]!, writer.Write);
                }
            }
        }
    }

    private static void Add(long[]?[] to, long[]?[] from)
    {
        for (int i = 0; i < to.Length; i++)
        {
            if (to[i] is { } sums)
            {
                for (int j = 0; j < sums.Length; j++)
                {
                    sums[j] += from[i]![j];
                }
            }
        }
    }
}
