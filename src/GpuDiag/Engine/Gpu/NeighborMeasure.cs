using GpuDiag.Engine.Vectors;
using ILGPU;
using ILGPU.Runtime;
using GatherLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, GpuDiag.Kernels.NeighborLists, int, int, ILGPU.ArrayView<long>, ILGPU.ArrayView<int>>;

namespace GpuDiag.Engine.Gpu;

/// <summary>Brings candidates back to the host, which measures them canonically.</summary>
internal sealed class NeighborMeasure
{
    private const int GatherRows = 1 << 22;
    private const int QueriesPerItem = 64;
    private readonly DeviceLane lane;
    private readonly NeighborQueryBlock block;
    private readonly MemoryBuffer1D<long, Stride1D.Dense> offsets;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> gathered;
    private readonly GatherLaunch gather;

    public NeighborMeasure(DeviceLane lane, NeighborQueryBlock block)
    {
        this.lane = lane;
        this.block = block;
        offsets = lane.Allocate<long>(block.Capacity);
        gathered = lane.Allocate<int>(Math.Min((long)block.Capacity * block.Entries, Math.Max(GatherRows, block.Entries)));
        gather = lane.Load<GatherLaunch>(typeof(Kernels.NeighborListKernel), nameof(Kernels.NeighborListKernel.Gather));
    }

    /// <summary>Measures all candidates. Everything launched must have finished.</summary>
    /// <param name="piece">Whose queries and rows they are.</param>
    /// <param name="first">The block's first query in the piece.</param>
    /// <param name="queries">Queries in the block.</param>
    public void Finish(NeighborPiece piece, int first, int queries)
    {
        int[] counts = block.Counts();
        long[] starts = new long[queries + 1];
        for (int start = 0, end; start < queries; start = end)
        {
            long total = 0;
            for (end = start; end < queries && total + counts[end] <= gathered.Length; end++)
            {
                starts[end - start] = total;
                total += counts[end];
            }

            starts[end - start] = total;
            Slice(piece, first + start, Fetch(start, end - start, starts, total), starts, end - start);
        }
    }

    /// <summary>Measures each of these queries with every row from its first to the end.</summary>
    public static void Pairs(NeighborPiece piece, IReadOnlyList<(int Query, int Row)> from, int end) =>
        WorkItems.Run(piece.Plan, from.Count, 0, (item, _) =>
        {
            (int query, int row) = from[item];
            for (; row < end; row++)
            {
                if (!piece.IsSelf(query, row))
                {
                    piece.Add(query, row);
                }
            }
        });

    private static void Slice(NeighborPiece piece, int first, int[] rows, long[] starts, int queries) =>
        WorkItems.Run(piece.Plan, (queries + QueriesPerItem - 1) / QueriesPerItem, 0, (item, _) =>
        {
            for (int q = item * QueriesPerItem; q < Math.Min(queries, (item + 1) * QueriesPerItem); q++)
            {
                for (long i = starts[q]; i < starts[q + 1]; i++)
                {
                    piece.Add(first + q, rows[i]);
                }
            }
        });

    private int[] Fetch(int first, int queries, long[] starts, long total) => lane.Guard(() =>
    {
        AcceleratorStream stream = lane.Accelerator.DefaultStream;
        int[] rows = new int[total];
        offsets.View.SubView(0, queries).CopyFromCPU(stream, (ReadOnlySpan<long>)starts.AsSpan(0, queries));
        gather(stream, lane.Grid(queries), block.Lists, first, queries, offsets.View.BaseView, gathered.View.BaseView);
        if (total > 0)
        {
            gathered.View.SubView(0, total).CopyToCPU(stream, rows);
        }

        stream.Synchronize();
        return rows;
    });
}
