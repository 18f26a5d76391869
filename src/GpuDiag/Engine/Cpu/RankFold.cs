using System.Runtime.CompilerServices;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// Rank on the host. Valid rows of a block are ordered by segment; <see cref="RankColumns{TScore, TKey, TKeys}"/> does the rest.
/// </summary>
internal sealed unsafe class RankFold<TReader> : IFold<RankBatch, RankState>
    where TReader : struct, IRowReader
{
    // So many that the keys and counters of a class, fetched anew for each block, are paid for by its rows.
    private const int BlockRows = 1 << 15;
    private readonly RankPlan plan;
    private readonly ClassColumns columns;
    private readonly RankColumns<float, uint, FloatScoreKeys> floats;
    private readonly RankColumns<double, ulong, DoubleScoreKeys> doubles;
    private readonly long[] order = new long[BlockRows];
    private readonly int[] rows = new int[BlockRows], labels = new int[BlockRows], segments = new int[BlockRows];
    private RankState state;

    public RankFold(RankPlan plan)
    {
        this.plan = plan;
        columns = new ClassColumns(plan.ClassCodes);
        floats = new(plan);
        doubles = new(plan);
        state = new RankState(plan);
    }

    public void Accept(RankBatch batch)
    {
        if (!columns.Has(batch.Probabilities))
        {
            return;
        }

        for (int first = 0; first < batch.Rows; first += BlockRows)
        {
            int n = Select(batch, first, Math.Min(BlockRows, batch.Rows - first));
            MatrixColumn matrix = batch.Probabilities;
            if (matrix.IsDouble)
            {
                doubles.Count((double*)matrix.Pointer, rows.AsSpan(0, n), labels.AsSpan(0, n), segments.AsSpan(0, n), state);
            }
            else
            {
                floats.Count((float*)matrix.Pointer, rows.AsSpan(0, n), labels.AsSpan(0, n), segments.AsSpan(0, n), state);
            }
        }
    }

    public RankState Take()
    {
        RankState taken = state;
        state = new RankState(plan);
        return taken;
    }

    public void Dispose()
    {
        floats.Dispose();
        doubles.Dispose();
    }

    /// <summary>The block's rows that count, by segment: how many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Select(RankBatch batch, int first, int length)
    {
        int n = 0;
        for (int r = first; r < first + length; r++)
        {
            if (columns[batch.Label[r]] >= 0 && IsValid(batch.Probabilities, r))
            {
                order[n++] = ((long)(batch.Segment?[r] ?? 0) << 32) | (uint)r;
            }
        }

        if (plan.Segment is not null)
        {
            order.AsSpan(0, n).Sort();
        }

        for (int i = 0; i < n; i++)
        {
            rows[i] = (int)order[i];
            segments[i] = (int)(order[i] >> 32);
            labels[i] = columns[batch.Label[rows[i]]];
        }

        return n;
    }

    private bool IsValid(MatrixColumn matrix, int r)
    {
        nint i = (nint)r * columns.Count;
        return matrix.IsDouble
            ? TReader.TryLargest(new DoubleRow((double*)matrix.Pointer + i), columns.Count, out _)
            : TReader.TryLargest(new FloatRow((float*)matrix.Pointer + i), columns.Count, out _);
    }
}
