using System.Runtime.CompilerServices;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// Rank on the host. Valid rows of a block are ordered by segment and turned into columns of keys, a few classes at a
/// time; then each class searches its own partition, which stays in cache for the whole run of rows.
/// </summary>
internal sealed unsafe class RankFold<TReader> : IFold<RankBatch, RankState>
    where TReader : struct, IRowReader
{
    // So many that the keys and counters of a class, fetched anew for each block, are paid for by its rows.
    private const int BlockRows = 16384;
    private const int TileClasses = 16;

    // Columns a cache line more than a power of two apart, or all of them would share the same few sets of the cache.
    private const int Stride = BlockRows + 8;
    private readonly RankPlan plan;
    private readonly ClassColumns columns;
    private readonly AlignedMemory scratch = new();
    private readonly long[] order = new long[BlockRows];
    private readonly int[] rows = new int[BlockRows], labels = new int[BlockRows], segments = new int[BlockRows];
    private readonly KeyTree?[] trees;
    private RankState state;

    public RankFold(RankPlan plan)
    {
        this.plan = plan;
        columns = new ClassColumns(plan.ClassCodes);
        trees = new KeyTree?[plan.Partitions.Length];
        scratch.Reserve(Stride * TileClasses * sizeof(ulong));
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
            for (int k = 0; k < columns.Count; k += TileClasses)
            {
                int tile = Math.Min(TileClasses, columns.Count - k);
                FillKeys(batch.Probabilities, n, k, tile);
                for (int c = 0; c < tile; c++)
                {
                    Search(k + c, (ulong*)scratch.Pointer + (c * Stride), n);
                }
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
        scratch.Dispose();
        foreach (KeyTree? tree in trees)
        {
            tree?.Dispose();
        }
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillKeys(MatrixColumn matrix, int n, int firstClass, int tile)
    {
        ulong* keys = (ulong*)scratch.Pointer;
        for (int i = 0; i < n; i++)
        {
            nint at = ((nint)rows[i] * columns.Count) + firstClass;
            if (matrix.IsDouble)
            {
                double* row = (double*)matrix.Pointer + at;
                for (int c = 0; c < tile; c++)
                {
                    keys[(c * Stride) + i] = ScoreKey.Of(row[c]);
                }
            }
            else
            {
                float* row = (float*)matrix.Pointer + at;
                for (int c = 0; c < tile; c++)
                {
                    keys[(c * Stride) + i] = ScoreKey.Of(row[c]);
                }
            }
        }
    }

    private void Search(int k, ulong* keys, int n)
    {
        for (int start = 0; start < n;)
        {
            int end = start + 1, segment = segments[start];
            while (end < n && segments[end] == segment)
            {
                end++;
            }

            int index = (segment * columns.Count) + k;
            if (index < plan.Partitions.Length && plan.Partitions[index] is { } partition)
            {
                KeyTree tree = trees[index] ??= new KeyTree(partition);
                ReadOnlySpan<ulong> run = new(keys + start, end - start);
                tree.Count(run, labels.AsSpan(start, end - start), k, state.Negatives[index], state.Positives[index]);
            }

            start = end;
        }
    }
}
