using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GpuDiag.Columns;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// Sums of products, one half of the symmetric matrix, by tiles whose sums stay in registers over all rows of a block.
/// Threads share a block's packed columns: first each packs some rows, then each takes tiles.
/// </summary>
internal sealed unsafe class CovarianceFold : IFold<VectorBlock, CovarianceState>
{
    /// <summary>Rows whose products of 42 bits add exactly in a double.</summary>
    private const int MostRows = 1 << (53 - (2 * CovariancePlan.Bits));

    private const int BlockBytes = 16 << 20, PackRows = 32;

    private readonly CovariancePlan plan;
    private readonly ParallelOptions parallel;
    private readonly AlignedMemory memory = new();
    private readonly double[] shift, scale;
    private readonly int panels, blockRows;
    private readonly double* packed;
    private CovarianceState state;
    private int blockCount;

    public CovarianceFold(CovariancePlan plan)
    {
        this.plan = plan;
        state = new CovarianceState(plan);
        parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, plan.Threads) };
        panels = (plan.Width + CovarianceTile.Panel - 1) / CovarianceTile.Panel;
        int padded = panels * CovarianceTile.Panel;
        shift = Padded(plan.Shift, padded);
        scale = Padded(plan.Scale, padded);
        blockRows = Math.Clamp(BlockBytes / padded / sizeof(double) / PackRows * PackRows, PackRows, MostRows);
        memory.Reserve((nuint)blockRows * (nuint)padded * sizeof(double));
        packed = (double*)memory.Pointer;
    }

    public void Accept(VectorBlock batch)
    {
        for (long start = 0; start < batch.Rows; start += blockRows)
        {
            VectorBlock block = batch.Slice(start, Math.Min(blockRows, batch.Rows - start));
            int rows = (int)block.Rows;
            blockCount = 0;
            Parallel.For(0, (rows + PackRows - 1) / PackRows, parallel, piece => Pack(block, piece * PackRows, Math.Min(rows, (piece + 1) * PackRows)));
            Parallel.For(0, panels * (panels + 1) / 2, parallel, pair => Multiply(pair, rows));
            state.Rows += blockCount;
            state.ExcludedRows += rows - blockCount;
        }
    }

    public CovarianceState Take()
    {
        CovarianceState taken = state;
        state = new CovarianceState(plan);
        return taken;
    }

    public void Dispose() => memory.Dispose();

    private static double[] Padded(double[] values, int length)
    {
        Array.Resize(ref values, length);
        return values;
    }

    /// <summary>Row r of panel p is at packed + (p·blockRows + r)·24; an excluded row is zeros.</summary>
    private void Pack(VectorBlock block, int start, int end)
    {
        int counted = 0, padded = panels * CovarianceTile.Panel;
        float* row = stackalloc float[CovarianceTile.Panel];
        for (int r = start; r < end; r++)
        {
            float* values = block.Row(r);
            bool excluded = VectorDistance.IsExcluded(VectorMetric.L2, VectorDistance.Dot(values, values, plan.Width));
            counted += excluded ? 0 : 1;
            for (int first = 0; first < padded; first += CovarianceTile.Panel)
            {
                float* from = values + first;
                if (excluded || first + CovarianceTile.Panel > plan.Width)
                {
                    // Padding has scale 0, so it is 0 whatever stands there, NaN excepted.
                    new Span<float>(row, CovarianceTile.Panel).Clear();
                    if (!excluded)
                    {
                        new Span<float>(from, plan.Width - first).CopyTo(new Span<float>(row, CovarianceTile.Panel));
                    }

                    from = row;
                }

                Quantize(from, first, packed + ((((nint)(first / CovarianceTile.Panel) * blockRows) + r) * CovarianceTile.Panel), excluded);
            }
        }

        Interlocked.Add(ref blockCount, counted);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Quantize(float* from, int first, double* to, bool excluded)
    {
        Vector512<double> most = Vector512.Create(CovariancePlan.Largest);
        fixed (double* shifts = shift, scales = scale)
        {
            for (int i = 0; i < CovarianceTile.Panel; i += 8)
            {
                Vector256<float> eight = Vector256.Load(from + i);
                Vector512<double> values = Vector512.Create(Vector256.WidenLower(eight), Vector256.WidenUpper(eight));
                Vector512<double> centred = values - Vector512.Load(shifts + first + i);
                Vector512<double> steps = FixedGrid.RoundToDouble(centred, Vector512.Load(scales + first + i));
                (excluded ? Vector512<double>.Zero : Vector512.Min(Vector512.Max(steps, -most), most)).Store(to + i);
            }
        }
    }

    /// <summary>Panels i ≤ j of a pair number, counted along j, then i.</summary>
    private void Multiply(int pair, int rows)
    {
        int j = (int)((Math.Sqrt((8.0 * pair) + 1) - 1) / 2);
        j += pair >= (j + 1) * (j + 2) / 2 ? 1 : pair < j * (j + 1) / 2 ? -1 : 0;
        int i = pair - (j * (j + 1) / 2);
        double* tile = stackalloc double[CovarianceTile.Side * CovarianceTile.Panel];
        double* left = packed + ((nint)i * blockRows * CovarianceTile.Panel), right = packed + ((nint)j * blockRows * CovarianceTile.Panel);
        for (int side = 0; side < CovarianceTile.Panel; side += CovarianceTile.Side)
        {
            CovarianceTile.Multiply(left + side, right, rows, tile);
            Add(tile, (i * CovarianceTile.Panel) + side, j * CovarianceTile.Panel);
        }

        if (i == j)
        {
            AddSums(right, rows, j * CovarianceTile.Panel);
        }
    }

    private void Add(double* tile, int top, int first)
    {
        for (int a = 0; a < CovarianceTile.Side && top + a < plan.Width; a++, tile += CovarianceTile.Panel)
        {
            int from = Math.Max(0, top + a - first), to = Math.Min(CovarianceTile.Panel, plan.Width - first);
            Span<Int128> products = state.Products(top + a);
            for (int b = from; b < to; b++)
            {
                products[first + b - top - a] += (long)tile[b];
            }
        }
    }

    private void AddSums(double* panel, int rows, int first)
    {
        int columns = Math.Min(CovarianceTile.Panel, plan.Width - first);
        for (int b = 0; b < columns; b++)
        {
            double sum = 0;
            for (int r = 0; r < rows; r++)
            {
                sum += panel[(r * CovarianceTile.Panel) + b];
            }

            state.Sums[first + b] += (long)sum;
        }
    }
}
