using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels;
using ILGPU;
using ILGPU.Runtime;
using CompactLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, GpuDiag.Kernels.NeighborInput, int, GpuDiag.Kernels.NeighborQueries, GpuDiag.Kernels.NeighborLists, int, GpuDiag.Kernels.NeighborErrors, ILGPU.ArrayView<int>>;
using RetireLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<int>, int, GpuDiag.Kernels.NeighborQueries>;
using SearchLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, GpuDiag.Kernels.NeighborInput, ILGPU.ArrayView<float>, GpuDiag.Kernels.NeighborLists>;

namespace GpuDiag.Engine.Gpu;

/// <summary>
/// One accelerator's search. Queries stay on the device with their lists; the base passes in blocks, of which one is packed
/// and uploaded while the other is searched. A list that runs over raises its query's threshold and searches the block
/// again; what still runs over after some turns (more rows as near as the k-th than float32 tells apart) the host
/// measures pair by pair.
/// </summary>
internal sealed class NeighborDevice : IDisposable
{
    /// <summary>More neighbours than this are for the host: lists would have thousands of entries.</summary>
    public const int MaxK = 1024;

    private const int Turns = 8;
    private readonly DeviceLane lane;
    private readonly NeighborPlan plan;
    private readonly NeighborStage stage;
    private readonly NeighborQueryBlock block;
    private readonly NeighborMeasure measure;
    private readonly NeighborErrors errors;
    private readonly NeighborBound single;
    private readonly int side;
    private readonly ICoarseSearch? coarse;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> left;
    private readonly MemoryBuffer1D<int, Stride1D.Dense>[] overflows;
    private readonly SearchLaunch search;
    private readonly CompactLaunch compact;
    private readonly RetireLaunch retire;

    /// <param name="lane">One of the accelerator's.</param>
    /// <param name="limits">Of blocks, lists and memory.</param>
    /// <param name="plan">What to search for.</param>
    /// <param name="bound">Of the piece: wider than that of float32 where a coarse search goes first.</param>
    public NeighborDevice(DeviceLane lane, GpuLimits limits, NeighborPlan plan, NeighborBound bound)
    {
        this.lane = lane;
        this.plan = plan;
        side = Side(lane);
        single = NeighborBound.OfFloats(plan.Metric, plan.Queries.Width);
        errors = new NeighborErrors { Single = Weakness(single), Tensor = Weakness(bound) };
        bool isCoarse = NeighborDevices.IsCoarse(lane.Accelerator, limits);
        stage = new NeighborStage(lane, limits, plan.Queries.Width, Math.Max(side * NeighborKernel.Block, isCoarse ? NeighborTensorKernel.Tile : 0));
        block = new NeighborQueryBlock(lane, limits, stage.WordsPerRow, plan, isCoarse);
        coarse = !isCoarse ? null
            : TensorCores.Fault(lane.Accelerator).Length == 0 ? new TensorSearch(lane, block, plan.Queries.Width, stage.Capacity)
            : new RoundedSearch(lane, block, stage.Capacity, side);
        left = lane.Allocate<int>(1 + block.Capacity);
        measure = new NeighborMeasure(lane, block);
        overflows = [lane.Allocate<int>(1 + block.Capacity), lane.Allocate<int>(1 + block.Capacity)];
        search = lane.Load<SearchLaunch>(typeof(NeighborKernel), nameof(NeighborKernel.Search));
        compact = lane.Load<CompactLaunch>(typeof(NeighborListKernel), nameof(NeighborListKernel.Compact));
        retire = lane.Load<RetireLaunch>(typeof(NeighborListKernel), nameof(NeighborListKernel.Retire));
    }

    /// <summary>Queries that left the coarse search since the beginning, and those whose pairs the host measured.</summary>
    public (long Left, long Retired) Counts { get; private set; }

    /// <summary>Threads along the edge of a square group: the largest power of two.</summary>
    public static int Side(DeviceLane lane)
    {
        int side = 2;
        while (side * side * 4 <= lane.GroupSize)
        {
            side *= 2;
        }

        return side;
    }

    /// <summary>Searches distinct rows [from, to) of the piece for all its queries and adds what it finds to the state.</summary>
    public void Search(NeighborPiece piece, int from, int to)
    {
        if (from == to)
        {
            return;
        }

        for (int first = 0; first < piece.Queries.Count; first += block.Capacity)
        {
            int queries = Math.Min(block.Capacity, piece.Queries.Count - first);
            bool warm = block.Begin(piece, first, queries, single);
            coarse?.Begin(queries);
            lane.Clear(left);
            List<(int Query, int Row)> retired = [];
            Sweep(piece, from, to, queries, warm, retired);

            // The state takes one thread per query.
            lock (piece)
            {
                measure.Finish(piece, first, queries);
                Counts = (Counts.Left + (coarse is null ? 0 : Read(left, lane.Accelerator.DefaultStream)), Counts.Retired + retired.Count);
                NeighborMeasure.Pairs(piece, [.. retired.Select(r => (first + r.Query, r.Row))], to);
            }
        }
    }

    public void Dispose() => lane.Dispose();

    /// <summary>An error of base rows as kernels take it, widened for its rounding.</summary>
    private static float Weakness(NeighborBound bound) => (float)(bound.Weakness(1) * (1 + (1.0 / (1 << 18))));

    private void Sweep(NeighborPiece piece, int from, int to, int queries, bool warm, List<(int Query, int Row)> retired)
    {
        // Without thresholds everything is a candidate: the first blocks are small, each as large as all before it.
        int Rows(int at) => Math.Min(Math.Min(stage.Capacity, to - at), stage.Padded(warm ? stage.Capacity : Math.Max(block.Entries / 2, at - from)));
        int rows = Rows(from);
        stage.Upload(piece, from, rows, single);
        for (int at = from; at < to;)
        {
            plan.Cancel.ThrowIfCancellationRequested();
            StagingBlock current = lane.Block;
            NeighborInput input = stage.Input(current, at, rows);
            input.Queries = block.Vectors;
            (input.Active, input.ActiveCount) = (block.All, queries);
            Start(current, input, rows);
            int next = at + rows, nextRows = next < to ? Rows(next) : 0;
            if (nextRows > 0)
            {
                // The other block is idle: its search was waited for.
                lane.Swap();
                stage.Upload(piece, next, nextRows, single);
            }

            Finish(current, input, rows, retired);
            piece.Done((long)queries * rows);
            (at, rows) = (next, nextRows);
        }
    }

    private void Start(StagingBlock current, NeighborInput input, int rows)
    {
        if (coarse is null)
        {
            Launch(current, input, rows, overflows[0]);
            return;
        }

        lane.Guard(() =>
        {
            coarse.Launch(current.Stream, input, stage.Padded(rows));
            Compact(current, input, 1, left);
        });
    }

    private void Finish(StagingBlock current, NeighborInput input, int rows, List<(int Query, int Row)> retired)
    {
        if (coarse is not null)
        {
            // Those whose lists ran over search this block, and all further ones, in float32.
            int count = Read(left, current.Stream);
            if (count == 0)
            {
                return;
            }

            (input.Active, input.ActiveCount) = (left.View.BaseView.SubView(1, count), count);
            Launch(current, input, rows, overflows[0]);
        }

        Repeat(current, input, rows, retired);
    }

    private void Compact(StagingBlock current, NeighborInput input, int isTensor, MemoryBuffer1D<int, Stride1D.Dense> overflow) => compact(
        current.Stream,
        lane.Grid((long)input.ActiveCount * lane.Accelerator.WarpSize),
        input,
        isTensor,
        block.Queries,
        block.Lists,
        plan.K,
        errors,
        overflow.View.BaseView);

    private void Launch(StagingBlock current, NeighborInput input, int rows, MemoryBuffer1D<int, Stride1D.Dense> overflow) => lane.Guard(() =>
    {
        overflow.View.SubView(0, 1).MemSetToZero(current.Stream);
        int edge = side * NeighborKernel.Block;
        var tiles = new Index2D(stage.Padded(rows) / edge, (input.ActiveCount + edge - 1) / edge);
        var config = new KernelConfig(tiles, new Index2D(side, side), SharedMemoryConfig.RequestDynamic<Words>(NeighborKernel.SharedWords(side)));
        search(current.Stream, config, input, block.Queries.Floors, block.Lists);
        Compact(current, input, 0, overflow);
    });

    /// <summary>Searches the block again for queries whose lists ran over, until none does or no turn is left.</summary>
    private void Repeat(StagingBlock current, NeighborInput input, int rows, List<(int Query, int Row)> retired)
    {
        for (int turn = 0; ; turn++)
        {
            MemoryBuffer1D<int, Stride1D.Dense> over = overflows[turn & 1];
            int count = Read(over, current.Stream);
            if (count == 0)
            {
                return;
            }

            ArrayView<int> queries = over.View.BaseView.SubView(1, count);
            if (turn == Turns)
            {
                lane.Guard(() =>
                {
                    retire(current.Stream, lane.Grid(count), queries, count, block.Queries);
                    int[] which = new int[count];
                    over.View.SubView(1, count).CopyToCPU(current.Stream, which);
                    current.Stream.Synchronize();
                    retired.AddRange(which.Select(q => (q, input.FirstRow)));
                });
                return;
            }

            (input.Active, input.ActiveCount) = (queries, count);
            Launch(current, input, rows, overflows[(turn + 1) & 1]);
        }
    }

    private int Read(MemoryBuffer1D<int, Stride1D.Dense> buffer, AcceleratorStream stream) => lane.Guard(() =>
    {
        int[] value = new int[1];
        buffer.View.SubView(0, 1).CopyToCPU(stream, value);
        stream.Synchronize();
        return value[0];
    });
}
