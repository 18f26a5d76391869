using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using GpuDiag.Columns;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// Ranks a block of selected rows stored in one precision: turned into columns, a few classes at a time; then each class
/// searches its own partition, which stays in cache for the whole run of rows.
/// </summary>
internal sealed unsafe class RankColumns<TScore, TKey, TKeys>(RankPlan plan) : IDisposable
    where TScore : unmanaged
    where TKey : unmanaged, IBinaryInteger<TKey>, IMinMaxValue<TKey>
    where TKeys : struct, IScoreKeys<TScore, TKey>
{
    private const int TileClasses = 16, Ahead = 16;
    private readonly AlignedMemory scratch = new(), work = new();
    private readonly KeyIndex<TScore, TKey, TKeys>?[] indices = new KeyIndex<TScore, TKey, TKeys>?[plan.Partitions.Length];
    private readonly int classes = plan.ClassCodes.Length;
    private readonly bool[] counted = Counted(plan);

    /// <param name="matrix">Rows of <see cref="RankPlan.ClassCodes"/>.Length scores.</param>
    /// <param name="rows">Row numbers, ordered by segment.</param>
    /// <param name="labels">Their label's column.</param>
    /// <param name="segments">Their segment's code.</param>
    /// <param name="state">Receives the counts.</param>
    public void Count(TScore* matrix, ReadOnlySpan<int> rows, ReadOnlySpan<int> labels, ReadOnlySpan<int> segments, RankState state)
    {
        // Columns an odd number of cache lines apart, or they would share the same few sets of the cache.
        int line = 64 / sizeof(TScore), stride = ((rows.Length / line) | 1) * line;
        stride += stride < rows.Length ? 2 * line : 0;
        work.Reserve((nuint)KeyIndex<TScore, TKey, TKeys>.WorkBytes);
        scratch.Reserve((nuint)(stride * TileClasses * sizeof(TScore)));
        for (int k = 0; k < classes; k += TileClasses)
        {
            int tile = Math.Min(TileClasses, classes - k);
            if (!counted.AsSpan(k, tile).Contains(true))
            {
                continue;
            }

            Fill(matrix + k, rows, tile, stride);
            for (int c = 0; c < tile; c++)
            {
                Search(k + c, (TScore*)scratch.Pointer + (c * stride), labels, segments, state);
            }
        }
    }

    public void Dispose()
    {
        scratch.Dispose();
        work.Dispose();
        foreach (KeyIndex<TScore, TKey, TKeys>? index in indices)
        {
            index?.Dispose();
        }
    }

    /// <summary>Classes that have a partition, in any segment.</summary>
    private static bool[] Counted(RankPlan plan)
    {
        bool[] counted = new bool[plan.ClassCodes.Length];
        for (int i = 0; i < plan.Partitions.Length; i++)
        {
            counted[i % counted.Length] |= plan.Partitions[i] is not null;
        }

        return counted;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(TScore* matrix, ReadOnlySpan<int> rows, int tile, int stride)
    {
        TScore* columns = (TScore*)scratch.Pointer;
        nint width = classes, step = stride;
        for (int i = 0; i < rows.Length; i++)
        {
            TScore* from = matrix + (rows[i] * width), end = from + tile;
            if (Sse.IsSupported)
            {
                // Rows lie too far apart for the hardware to foresee.
                TScore* ahead = matrix + (rows[Math.Min(i + Ahead, rows.Length - 1)] * width);
                Sse.Prefetch0(ahead);
                Sse.Prefetch0(ahead + tile - 1);
            }

            for (TScore* to = columns + i; from < end; from++, to += step)
            {
                *to = *from;
            }
        }
    }

    private void Search(int k, TScore* column, ReadOnlySpan<int> labels, ReadOnlySpan<int> segments, RankState state)
    {
        fixed (int* labelOf = labels)
        {
            for (int start = 0; start < labels.Length;)
            {
                int segment = segments[start];
                int length = segments[start..].IndexOfAnyExcept(segment);
                length = length < 0 ? labels.Length - start : length;
                int at = (segment * classes) + k;
                if (at < plan.Partitions.Length && plan.Partitions[at] is { } partition)
                {
                    (indices[at] ??= new KeyIndex<TScore, TKey, TKeys>(partition))
                        .Count(column + start, labelOf + start, length, k, state.Negatives[at]!, state.Positives[at]!, work.Pointer);
                }

                start += length;
            }
        }
    }
}
