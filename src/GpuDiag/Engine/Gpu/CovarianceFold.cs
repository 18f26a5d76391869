using System.Runtime.InteropServices;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels;
using GpuDiag.Kernels.Algebra;
using ILGPU;
using ILGPU.Runtime;
using ProductsLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<int>, int, int, ILGPU.ArrayView<ulong>>;
using QuantizeLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<float>, ILGPU.ArrayView<int>, ILGPU.ArrayView<double>, ILGPU.ArrayView<double>, double, int, int, ILGPU.ArrayView<int>>;

namespace GpuDiag.Engine.Gpu;

/// <summary>Sums of products on a device: rows pass through in pieces, the matrix stays and is emptied before it can overflow.</summary>
internal sealed unsafe class CovarianceFold : IFold<VectorBlock, CovarianceState>
{
    /// <summary>Rows whose products of 42 bits add exactly in 63.</summary>
    private const int RowsPerDrain = 1 << (62 - (2 * CovariancePlan.Bits));

    private const int PackRows = 64;
    private readonly CovariancePlan plan;
    private readonly DeviceLane lane;
    private readonly int side, padded, capacity;
    private readonly long countOffset;
    private readonly MemoryBuffer1D<double, Stride1D.Dense> shift, scale;
    private readonly MemoryBuffer1D<int, Stride1D.Dense>[] quantised;
    private readonly MemoryBuffer1D<ulong, Stride1D.Dense> products;
    private readonly QuantizeLaunch quantize;
    private readonly ProductsLaunch multiply;
    private CovarianceState state;
    private long undrained;

    public CovarianceFold(CovariancePlan plan, DeviceLane lane, GpuLimits limits)
    {
        this.plan = plan;
        this.lane = lane;
        state = new CovarianceState(plan);
        side = NeighborDevice.Side(lane);
        int edge = side * CovarianceKernel.Block;
        padded = (plan.Width + edge) / edge * edge;
        capacity = Math.Clamp(limits.BlockBytes / (plan.Width + 1) / sizeof(float), 1, RowsPerDrain);
        countOffset = StagingBlock.Align((long)capacity * plan.Width * sizeof(float));
        lane.Stage(countOffset + (capacity * (long)sizeof(int)));
        shift = lane.Upload<double>(plan.Shift);
        scale = lane.Upload<double>(plan.Scale);
        quantised = [lane.Allocate<int>((long)capacity * padded), lane.Allocate<int>((long)capacity * padded)];
        products = lane.Allocate<ulong>((long)padded * padded);
        quantize = lane.Load<QuantizeLaunch>(typeof(CovarianceKernel), nameof(CovarianceKernel.Quantize));
        multiply = lane.Load<ProductsLaunch>(typeof(CovarianceKernel), nameof(CovarianceKernel.Products));
    }

    public void Accept(VectorBlock batch)
    {
        for (long start = 0; start < batch.Rows;)
        {
            int rows = (int)Math.Min(capacity, batch.Rows - start);
            if (undrained + rows > RowsPerDrain)
            {
                Drain();
            }

            Start(batch.Slice(start, rows), rows);
            undrained += rows;
            start += rows;
            lane.Swap();
        }

        // The batch's memory is the caller's again: pieces were copied, so nothing is to be waited for.
    }

    public CovarianceState Take()
    {
        Drain();
        CovarianceState taken = state;
        state = new CovarianceState(plan);
        return taken;
    }

    public void Dispose() => lane.Dispose();

    private void Start(VectorBlock piece, int rows)
    {
        StagingBlock block = lane.Block;
        MemoryBuffer1D<int, Stride1D.Dense> to = quantised[lane.Index];
        long bytes = (long)rows * plan.Width * sizeof(float);
        new ReadOnlySpan<byte>((void*)piece.Pointer, checked((int)bytes)).CopyTo(block.Host(0, bytes));
        state.ExcludedRows += Count(piece, rows, block.Host(countOffset, rows * sizeof(int)));
        lane.Guard(() =>
        {
            block.Upload(0, bytes);
            block.Upload(countOffset, rows * sizeof(int));
            ArrayView<float> values = block.Device(0, bytes).Cast<float>();
            ArrayView<int> counts = block.Device(countOffset, rows * sizeof(int)).Cast<int>(), all = to.View.BaseView.SubView(0, (long)rows * padded);
            quantize(block.Stream, lane.Grid(all.Length), values, counts, shift.View.BaseView, scale.View.BaseView, CovariancePlan.Largest, plan.Width, padded, all);
            int tiles = padded / (side * CovarianceKernel.Block), pairs = tiles * (tiles + 1) / 2;
            int slices = Math.Clamp(lane.Accelerator.NumMultiprocessors * 8 / pairs, 1, (rows + CovarianceKernel.Depth - 1) / CovarianceKernel.Depth);
            int shared = 2 * CovarianceKernel.Depth * side * CovarianceKernel.Block;
            var config = new KernelConfig(new Index2D(pairs, slices), new Index2D(side, side), SharedMemoryConfig.RequestDynamic<int>(shared));
            multiply(block.Stream, config, all, rows, padded, products.View.BaseView);
        });
    }

    /// <summary>1 for rows that count, 0 for others, whose number it returns.</summary>
    private int Count(VectorBlock piece, int rows, Span<byte> bytes)
    {
        Span<int> counts = MemoryMarshal.Cast<byte, int>(bytes);
        int excluded = 0;
        fixed (int* pointer = counts)
        {
            nint to = (nint)pointer;
            var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, plan.Threads) };
            Parallel.For(0, (rows + PackRows - 1) / PackRows, options, item =>
            {
                int left = 0;
                for (int i = item * PackRows; i < Math.Min(rows, (item + 1) * PackRows); i++)
                {
                    float* row = piece.Row(i);
                    bool isExcluded = VectorDistance.IsExcluded(VectorMetric.L2, VectorDistance.Dot(row, row, plan.Width));
                    ((int*)to)[i] = isExcluded ? 0 : 1;
                    left += isExcluded ? 1 : 0;
                }

                Interlocked.Add(ref excluded, left);
            });
        }

        return excluded;
    }

    /// <summary>Adds the device's sums to the state and empties them.</summary>
    private void Drain()
    {
        lane.Synchronize();
        if (undrained == 0)
        {
            return;
        }

        undrained = 0;
        ulong[] totals = lane.Download(products);
        lane.Clear(products);
        for (int i = 0; i < plan.Width; i++)
        {
            Span<Int128> row = state.Products(i);
            for (int j = i; j < plan.Width; j++)
            {
                row[j - i] += (long)totals[((long)i * padded) + j];
            }

            state.Sums[i] += (long)totals[((long)i * padded) + plan.Width];
        }

        state.Rows += (long)totals[((long)plan.Width * padded) + plan.Width];
    }
}
