using GpuDiag.Kernels;
using ILGPU;
using ILGPU.Runtime;
using RoundLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<GpuDiag.Kernels.Words>, int, int, ILGPU.ArrayView<uint>, int>;
using SearchLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, long, long, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, long, long, long, int, int, int, int>;

namespace GpuDiag.Engine.Gpu;

/// <summary>The coarse search on NVIDIA's tensor cores.</summary>
internal sealed class TensorSearch : ICoarseSearch
{
    private readonly DeviceLane lane;
    private readonly NeighborQueryBlock block;
    private readonly int width;
    private readonly MemoryBuffer1D<uint, Stride1D.Dense> queries, base16;
    private readonly RoundLaunch round;
    private readonly SearchLaunch search;

    /// <param name="lane">On a device that <see cref="TensorCores"/> found right.</param>
    /// <param name="block">The queries.</param>
    /// <param name="width">Dimensions.</param>
    /// <param name="rows">Rows that one search has at most: whole tiles.</param>
    public TensorSearch(DeviceLane lane, NeighborQueryBlock block, int width, int rows)
    {
        this.lane = lane;
        this.block = block;
        this.width = NeighborTensorKernel.PaddedWidth(width);
        queries = lane.Allocate<uint>((long)Padded(block.Capacity) * this.width / 2);
        base16 = lane.Allocate<uint>((long)rows * this.width / 2);
        round = lane.Load<RoundLaunch>(typeof(NeighborRoundKernel), nameof(NeighborRoundKernel.Round));
        search = lane.Load<SearchLaunch>(typeof(NeighborTensorKernel), nameof(NeighborTensorKernel.Search));
    }

    /// <summary>Queries with those that fill up the last tile.</summary>
    public static int Padded(int queries) => (queries + NeighborTensorKernel.Tile - 1) / NeighborTensorKernel.Tile * NeighborTensorKernel.Tile;

    public void Begin(int count) => lane.Guard(() =>
    {
        AcceleratorStream stream = lane.Accelerator.DefaultStream;
        Round(stream, block.Vectors, count, Padded(count), queries);
        stream.Synchronize();
    });

    public void Launch(AcceleratorStream stream, NeighborInput input, int rows)
    {
        Round(stream, input.Rows, rows, rows, base16);
        int tiles = rows / NeighborTensorKernel.Tile, queryTiles = Padded(input.ActiveCount) / NeighborTensorKernel.Tile;

        // A few groups per multiprocessor; where the queries alone keep them busy, each group walks over all rows, and so
        // all read the same rows at about the same time.
        int across = Math.Clamp(((4 * lane.Accelerator.NumMultiprocessors) + queryTiles - 1) / queryTiles, 1, tiles);
        NeighborLists lists = block.Lists;
        search(
            stream,
            new KernelConfig(new Index2D(across, queryTiles), new Index2D(NeighborTensorKernel.Threads, 1)),
            queries.NativePtr,
            base16.NativePtr,
            input.TensorShifts,
            block.Queries.TensorFloors,
            block.CountsPointer,
            block.UpperPointer,
            block.RowsPointer,
            lists.Capacity,
            width,
            tiles,
            input.FirstRow);
    }

    private void Round(AcceleratorStream stream, ArrayView<Words> from, int rows, int padded, MemoryBuffer1D<uint, Stride1D.Dense> to)
    {
        long pairs = (long)padded * width / 2;
        round(stream, lane.Grid(pairs), from, block.WordsPerRow, rows, to.View.BaseView.SubView(0, pairs), width / 2);
    }
}
