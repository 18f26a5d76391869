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
    private const int BlockRows = 4096;
    private const int TileClasses = 16;
    private readonly RankPlan plan;
    private readonly ClassColumns columns;
    private readonly AlignedMemory scratch = new();
    private readonly long[] order = new long[BlockRows];
    private readonly int[] rows = new int[BlockRows], labels = new int[BlockRows], segments = new int[BlockRows];
    private RankState state;

    public RankFold(RankPlan plan)
    {
        this.plan = plan;
        columns = new ClassColumns(plan.ClassCodes);
        scratch.Reserve(BlockRows * TileClasses * sizeof(ulong));
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
                    Search(k + c, (ulong*)scratch.Pointer + (c * BlockRows), n);
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

    public void Dispose() => scratch.Dispose();

    /// <summary>The block's rows that count, by segment: how many.</summary>
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
                    keys[(c * BlockRows) + i] = ScoreKey.Of(row[c]);
                }
            }
            else
            {
                float* row = (float*)matrix.Pointer + at;
                for (int c = 0; c < tile; c++)
                {
                    keys[(c * BlockRows) + i] = ScoreKey.Of(row[c]);
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
                Search(partition, k, keys, start, end, state.Negatives[index]!, state.Positives[index]!);
            }

            start = end;
        }
    }

    private void Search(ScorePartition partition, int k, ulong* keys, int start, int end, Span<long> negatives, Span<long> positives)
    {
        int shift = 64 - partition.Bits, length = partition.Keys.Length;
        if (length == 0)
        {
            for (int i = start; i < end; i++)
            {
                (labels[i] == k ? positives : negatives)[0]++;
            }

            return;
        }

        fixed (ulong* sorted = partition.Keys)
        {
            for (int i = start; i < end; i++)
            {
                ulong key = keys[i] >> shift;
                ulong* low = sorted;
                for (int m = length; m > 1;)
                {
                    // No branch on the comparison: its outcome is a coin toss.
                    int half = m >> 1;
                    low += half & -(low[half - 1] < key ? 1 : 0);
                    m -= half;
                }

                int below = (int)(low - sorted) + (*low < key ? 1 : 0);
                int slot = (2 * below) + (below < length && sorted[below] == key ? 1 : 0);
                (labels[i] == k ? positives : negatives)[slot]++;
            }
        }
    }
}
