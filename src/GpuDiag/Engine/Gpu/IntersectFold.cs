using GpuDiag.Engine.Bits;
using GpuDiag.Kernels;
using ILGPU;
using ILGPU.Runtime;
using CountLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<ulong>, ILGPU.ArrayView<int>, ILGPU.ArrayView<ulong>, int, int, int, int, int>;

namespace GpuDiag.Engine.Gpu;

/// <summary>Intersections on a device: blocks of bits pass through, candidates and counts stay.</summary>
internal sealed unsafe class IntersectFold : IFold<BitBlocks, IntersectState>
{
    /// <summary>Words that a warp should have at least, so that its additions cost little.</summary>
    private const int WordsPerShare = 512;

    private readonly IntersectPlan plan;
    private readonly DeviceLane lane;
    private readonly GpuLimits limits;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> members;
    private readonly MemoryBuffer1D<ulong, Stride1D.Dense> counts;
    private readonly CountLaunch count;

    public IntersectFold(IntersectPlan plan, DeviceLane lane, GpuLimits limits)
    {
        this.plan = plan;
        this.lane = lane;
        this.limits = limits;
        members = lane.Upload<int>(plan.Members);
        counts = lane.Allocate<ulong>(Math.Max(1, (long)plan.Candidates * (1 + plan.Planes)));
        count = lane.Load<CountLaunch>(typeof(IntersectKernel), nameof(IntersectKernel.Count));
    }

    public void Accept(BitBlocks batch)
    {
        if (plan.Candidates == 0)
        {
            return;
        }

        long piece = Math.Clamp(limits.BlockBytes / batch.BlockBytes, 1, Math.Max(1, batch.Blocks));
        lane.Stage(piece * batch.BlockBytes);
        for (long start = 0; start < batch.Blocks; start += piece)
        {
            BitBlocks blocks = batch.Slice(start, Math.Min(piece, batch.Blocks - start));
            long bytes = blocks.Blocks * blocks.BlockBytes;
            StagingBlock block = lane.Block;
            new ReadOnlySpan<byte>((void*)blocks.Pointer, checked((int)bytes)).CopyTo(block.Host(0, bytes));
            lane.Guard(() =>
            {
                block.Upload(0, bytes);
                long words = blocks.Blocks * blocks.Words, items = (long)plan.Candidates * (1 + plan.Planes);
                int shares = (int)Math.Clamp(words / WordsPerShare, 1, Math.Max(1, lane.Accelerator.NumMultiprocessors * 64L / items));
                KernelConfig grid = lane.Grid(items * shares * lane.Accelerator.WarpSize);
                count(block.Stream, grid, block.Device(0, bytes).Cast<ulong>(), members.View.BaseView, counts.View.BaseView.SubView(0, items), blocks.Sets, blocks.Words, plan.Planes, plan.Level, shares);
            });
            lane.Swap();
        }
    }

    public IntersectState Take()
    {
        lane.Synchronize();
        IntersectState state = new(plan);
        ulong[] totals = lane.Download(counts);
        lane.Clear(counts);
        for (int i = 0; i < state.All.Length; i++)
        {
            state.All[i] = (long)totals[i];
        }

        return state;
    }

    public void Dispose() => lane.Dispose();
}
