using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// Counts rows by (segment, label, prediction):
/// cells[(s·C + l)·C + p] += 1 for every row with codes s, l, p; code 0 (null) is a value like any other.
/// Cost per row: the bytes of its codes (1, 2 or 4 each), about six integer operations and one atomic increment.
/// Three homes for the cells, by size: the group's shared memory (u32, flushed to u64 once), the L2 cache (u64), or a
/// hash table in device memory. Sixteen rows per thread and step, in 128-bit loads, unrolled by hand, because the
/// compiler doesn't unroll.
/// A code at or above its limit is counted in the last cell, one past the table: its owner treats it as a fault.
/// </summary>
public static class CountKernel
{
    /// <summary>Rows per thread and step.</summary>
    public const int RowsPerStep = 16;

    /// <summary>Cells in shared memory; flushed to <paramref name="cells"/> (C·C·S + 1) when the group has seen its rows.</summary>
    public static void Shared<TClass, TSegment>(
        ArrayView<Words> label, ArrayView<Words> prediction, ArrayView<Words> segment, long rows, int classes, int segments, ArrayView<ulong> cells)
        where TClass : struct, ICodeRows<TClass>
        where TSegment : struct, ICodeRows<TSegment>
    {
        ArrayView<uint> bins = SharedMemory.GetDynamic<uint>();
        int count = (segments * classes * classes) + 1;
        for (int i = Group.IdxX; i < count; i += Group.DimX)
        {
            bins[i] = 0;
        }

        Group.Barrier();
        Sweep<TClass, TSegment, SharedCells>(label, prediction, segment, rows, new SharedCells(bins, (uint)classes, (uint)segments));
        Group.Barrier();
        for (int i = Group.IdxX; i < count; i += Group.DimX)
        {
            uint total = bins[i];
            if (total != 0)
            {
                Atomic.Add(ref cells[i], total);
            }
        }
    }

    /// <summary>Cells in device memory, as u64 of C·C·S + 1.</summary>
    public static void Global<TClass, TSegment>(
        ArrayView<Words> label, ArrayView<Words> prediction, ArrayView<Words> segment, long rows, int classes, int segments, ArrayView<ulong> cells)
        where TClass : struct, ICodeRows<TClass>
        where TSegment : struct, ICodeRows<TSegment> =>
        Sweep<TClass, TSegment, GlobalCells>(label, prediction, segment, rows, new GlobalCells(cells, (uint)classes, (uint)segments));

    /// <summary>
    /// Cells in an open-addressing table: <paramref name="keys"/> of a power of two, 0 = free, else cell + 1;
    /// <paramref name="counts"/> alike. The caller leaves room for a new key per row. distinct[0] counts keys.
    /// </summary>
    public static void Hashed<TClass, TSegment>(
        ArrayView<Words> label, ArrayView<Words> prediction, ArrayView<Words> segment, long rows, int classes, int segments, ArrayView<ulong> keys, ArrayView<ulong> counts, ArrayView<ulong> distinct)
        where TClass : struct, ICodeRows<TClass>
        where TSegment : struct, ICodeRows<TSegment> =>
        Sweep<TClass, TSegment, HashedCells>(label, prediction, segment, rows, new HashedCells(keys, counts, distinct, (uint)classes, (uint)segments));

    /// <summary>Moves the keys and counts of a hash table into a larger, empty one.</summary>
    public static void Rehash(ArrayView<ulong> fromKeys, ArrayView<ulong> fromCounts, ArrayView<ulong> keys, ArrayView<ulong> counts, ArrayView<ulong> distinct)
    {
        var table = new HashedCells(keys, counts, distinct, 0, 0);
        for (long i = Grid.GlobalLinearIndex; i < fromKeys.Length; i += (long)Grid.DimX * Group.DimX)
        {
            ulong key = fromKeys[i];
            if (key != 0)
            {
                table.AddKey(key, fromCounts[i]);
            }
        }
    }

    private static void Sweep<TClass, TSegment, TCells>(
        ArrayView<Words> label, ArrayView<Words> prediction, ArrayView<Words> segment, long rows, TCells cells)
        where TClass : struct, ICodeRows<TClass>
        where TSegment : struct, ICodeRows<TSegment>
        where TCells : struct, ICountCells
    {
        long thread = Grid.GlobalLinearIndex;
        long threads = (long)Grid.DimX * Group.DimX;
        long steps = rows / RowsPerStep;
        for (long step = thread; step < steps; step += threads)
        {
            TClass l = TClass.Load(label, step), p = TClass.Load(prediction, step);
            TSegment s = TSegment.Load(segment, step);
            cells.Add(s.At(0), l.At(0), p.At(0));
            cells.Add(s.At(1), l.At(1), p.At(1));
            cells.Add(s.At(2), l.At(2), p.At(2));
            cells.Add(s.At(3), l.At(3), p.At(3));
            cells.Add(s.At(4), l.At(4), p.At(4));
            cells.Add(s.At(5), l.At(5), p.At(5));
            cells.Add(s.At(6), l.At(6), p.At(6));
            cells.Add(s.At(7), l.At(7), p.At(7));
            cells.Add(s.At(8), l.At(8), p.At(8));
            cells.Add(s.At(9), l.At(9), p.At(9));
            cells.Add(s.At(10), l.At(10), p.At(10));
            cells.Add(s.At(11), l.At(11), p.At(11));
            cells.Add(s.At(12), l.At(12), p.At(12));
            cells.Add(s.At(13), l.At(13), p.At(13));
            cells.Add(s.At(14), l.At(14), p.At(14));
            cells.Add(s.At(15), l.At(15), p.At(15));
        }

        // The last rows, fewer than a step: one thread each.
        int rest = (int)(rows - (steps * RowsPerStep));
        if (thread < rest)
        {
            int row = (int)thread;
            cells.Add(TSegment.Load(segment, steps).At(row), TClass.Load(label, steps).At(row), TClass.Load(prediction, steps).At(row));
        }
    }
}
