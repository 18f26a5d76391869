using GpuDiag.Columns;
using GpuDiag.Engine.Bits;

namespace GpuDiag.Engine.Cpu.Bits;

/// <summary>
/// Goes through candidates of one block. What a candidate shares with the one before, all of its first members that are the
/// same, is not intersected again. One thread.
/// </summary>
internal sealed unsafe class IntersectWalk<TLanes> : IDisposable
    where TLanes : struct, IBitLanes
{
    private readonly IntersectPlan plan;
    private readonly int words;
    private readonly AlignedMemory memory = new();
    private readonly long[] held;

    public IntersectWalk(IntersectPlan plan, int words)
    {
        this.plan = plan;
        this.words = words;

        // Place i holds the intersection of the first i + 2 members; the last place is the candidate's own.
        held = new long[Math.Max(1, plan.Level)];
        memory.Reserve((nuint)held.Length * (nuint)words * sizeof(ulong));
    }

    public void Count(BitBlocks batch, long block, int from, int to, IntersectState counts)
    {
        int level = plan.Level, shared = 0;
        ReadOnlySpan<int> before = default;
        for (int c = from; c < to; c++)
        {
            ReadOnlySpan<int> members = plan.Members.AsSpan(c * level, level);
            shared = before.IsEmpty ? 0 : members[..^1].CommonPrefixLength(before);
            before = members;
            ulong* prefix = batch.Set(block, members[0]);
            bool isEmpty = false;
            for (int i = 1; i < level - 1; i++)
            {
                ulong* place = Place(i - 1);
                if (i >= shared)
                {
                    held[i - 1] = isEmpty ? 0 : TLanes.And(prefix, batch.Set(block, members[i]), place, words);
                }

                isEmpty = held[i - 1] == 0;
                prefix = place;
            }

            if (!isEmpty)
            {
                Count(batch, block, prefix, batch.Set(block, members[^1]), counts.Counts(c));
            }
        }
    }

    public void Dispose() => memory.Dispose();

    private void Count(BitBlocks batch, long block, ulong* prefix, ulong* last, Span<long> counts)
    {
        switch (plan.Planes)
        {
            case 0:
                counts[0] += TLanes.Count(prefix, last, words);
                break;
            case 1:
                (long all, long plane) = TLanes.Count(prefix, last, batch.Set(block, 0), words);
                counts[0] += all;
                counts[1] += plane;
                break;
            default:
                ulong* own = Place(held.Length - 1);
                long rows = TLanes.And(prefix, last, own, words);
                counts[0] += rows;
                for (int p = 0; p < plan.Planes && rows > 0; p++)
                {
                    counts[1 + p] += TLanes.Count(own, batch.Set(block, p), words);
                }

                break;
        }
    }

    private ulong* Place(int i) => (ulong*)memory.Pointer + ((long)i * words);
}
