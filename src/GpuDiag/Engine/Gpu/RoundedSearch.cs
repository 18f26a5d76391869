using GpuDiag.Kernels;
using ILGPU;
using ILGPU.Runtime;
using RoundLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<GpuDiag.Kernels.Words>, int, int, ILGPU.ArrayView<uint>, int>;
using SearchLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, GpuDiag.Kernels.NeighborInput, ILGPU.ArrayView<float>, GpuDiag.Kernels.NeighborLists>;
using WidenLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<uint>, ILGPU.ArrayView<uint>>;

namespace GpuDiag.Engine.Gpu;

/// <summary>
/// The coarse search as the simulator can do it: the plain kernel on operands rounded to bfloat16. So everything around the
/// tensor kernel is tested without a GPU.
/// </summary>
internal sealed class RoundedSearch : ICoarseSearch
{
    private readonly DeviceLane lane;
    private readonly NeighborQueryBlock block;
    private readonly int side;
    private readonly MemoryBuffer1D<Words, Stride1D.Dense> queries, rounded;
    private readonly MemoryBuffer1D<uint, Stride1D.Dense> pairs;
    private readonly RoundLaunch round;
    private readonly WidenLaunch widen;
    private readonly SearchLaunch search;

    /// <param name="lane">On any device.</param>
    /// <param name="block">The queries.</param>
    /// <param name="rows">Rows that one search has at most.</param>
    /// <param name="side">Threads along a tile's edge.</param>
    public RoundedSearch(DeviceLane lane, NeighborQueryBlock block, int rows, int side)
    {
        this.lane = lane;
        this.block = block;
        this.side = side;
        queries = lane.Allocate<Words>((long)block.Capacity * block.WordsPerRow);
        rounded = lane.Allocate<Words>((long)rows * block.WordsPerRow);
        pairs = lane.Allocate<uint>(Math.Max(queries.Length, rounded.Length) * 2);
        round = lane.Load<RoundLaunch>(typeof(NeighborRoundKernel), nameof(NeighborRoundKernel.Round));
        widen = lane.Load<WidenLaunch>(typeof(NeighborRoundKernel), nameof(NeighborRoundKernel.Widen));
        search = lane.Load<SearchLaunch>(typeof(NeighborKernel), nameof(NeighborKernel.Search));
    }

    public void Begin(int count) => lane.Guard(() =>
    {
        Round(lane.Accelerator.DefaultStream, block.Vectors, count, queries);
        lane.Accelerator.DefaultStream.Synchronize();
    });

    public void Launch(AcceleratorStream stream, NeighborInput input, int rows)
    {
        Round(stream, input.Rows, rows, rounded);
        int edge = side * NeighborKernel.Block;
        var config = new KernelConfig(
            new Index2D(rows / edge, (input.ActiveCount + edge - 1) / edge),
            new Index2D(side, side),
            SharedMemoryConfig.RequestDynamic<Words>(NeighborKernel.SharedWords(side)));
        (input.Queries, input.Rows, input.Shifts) = (queries.View.BaseView, rounded.View.BaseView, input.TensorShifts);
        search(stream, config, input, block.Queries.TensorFloors, block.Lists);
    }

    private void Round(AcceleratorStream stream, ArrayView<Words> from, int rows, MemoryBuffer1D<Words, Stride1D.Dense> to)
    {
        long words = (long)rows * block.WordsPerRow;
        round(stream, lane.Grid(words * 2), from, block.WordsPerRow, rows, pairs.View.BaseView.SubView(0, words * 2), block.WordsPerRow * 2);
        widen(stream, lane.Grid(words * 2), pairs.View.BaseView.SubView(0, words * 2), to.View.BaseView.SubView(0, words).Cast<uint>());
    }
}
