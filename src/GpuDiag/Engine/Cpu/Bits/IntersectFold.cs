using GpuDiag.Engine.Bits;

namespace GpuDiag.Engine.Cpu.Bits;

/// <summary>
/// Intersections block by block: a block of all sets stays in the second-level cache while the candidates pass. Threads take
/// blocks, and where there are few, parts of the candidates; each counts for itself, and counts are added at the end.
/// </summary>
internal sealed class IntersectFold<TLanes>(IntersectPlan plan) : IFold<BitBlocks, IntersectState>
    where TLanes : struct, IBitLanes
{
    private const int ItemsPerThread = 4;

    private readonly Lock gate = new();
    private IntersectState state = new(plan);

    public void Accept(BitBlocks batch)
    {
        int threads = Math.Max(1, plan.Threads), candidates = plan.Candidates;
        if (batch.Blocks == 0 || candidates == 0)
        {
            return;
        }

        long wanted = ((long)ItemsPerThread * threads / batch.Blocks) + 1;
        int parts = (int)Math.Min(wanted, candidates);
        long items = batch.Blocks * parts, next = 0;
        Parallel.For(0, (int)Math.Min(items, threads), new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            using IntersectWalk<TLanes> walk = new(plan, batch.Words);
            IntersectState mine = new(plan);
            for (long item = Interlocked.Increment(ref next) - 1; item < items; item = Interlocked.Increment(ref next) - 1)
            {
                long block = item / parts, part = item % parts;
                walk.Count(batch, block, (int)(candidates * part / parts), (int)(candidates * (part + 1) / parts), mine);
            }

            lock (gate)
            {
                state.Merge(mine);
            }
        });
    }

    public IntersectState Take()
    {
        IntersectState taken = state;
        state = new IntersectState(plan);
        return taken;
    }

    public void Dispose()
    {
    }
}
