using System.Runtime.InteropServices;
using GpuDiag.Kernels.Algebra;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>A partition of the score line in device memory.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RankPart
{
    /// <summary>First of its keys, and how many; 0 keys is a partition of one slot.</summary>
    public long FirstKey;

    public int Keys;

    /// <summary>How far a score's key is shifted right before it is compared; −1 = not a partition, count nothing.</summary>
    public int Shift;

    /// <summary>First of its slots: two totals each, negative and positive rows.</summary>
    public long FirstSlot;
}

/// <summary>
/// Counts every probability by the slot of its class's partition: slot 2i+1 where the score's key prefix equals key i,
/// slot 2i where it lies between keys i−1 and i. Rows that <see cref="RowGuard"/> excludes or that have no known label
/// are left out.
/// Cost per entry: its bytes, log₂(keys) dependent reads that mostly hit the L2 cache, one u64 atomic.
/// </summary>
public static class RankKernel
{
    /// <summary>First pass, a thread per row: the label's column, or −1 where the row does not count.</summary>
    public static void Guard<TRow>(RowInput input, ArrayView<int> labels)
        where TRow : struct, IDeviceRow<TRow>
    {
        int stride = Grid.DimX * Group.DimX;
        for (int row = Grid.GlobalLinearIndex; row < input.Rows; row += stride)
        {
            int faults = RowGuard.Lane(TRow.Of(input.Matrix, row, input.Classes), input.Classes, 0, 1);
            labels[row] = faults == 0 ? input.Label(row) : -1;
        }
    }

    /// <summary>First pass, eight threads of a warp per row.</summary>
    public static void GuardWide<TRow>(RowInput input, ArrayView<int> labels)
        where TRow : struct, IDeviceRow<TRow>
    {
        int lane = Group.IdxX & (RowSum.Lanes - 1);
        int rowsPerGroup = Group.DimX / RowSum.Lanes;
        for (int first = Grid.IdxX * rowsPerGroup; first < input.Rows; first += Grid.DimX * rowsPerGroup)
        {
            int row = first + (Group.IdxX / RowSum.Lanes);
            bool real = row < input.Rows;
            row = real ? row : input.Rows - 1;
            int faults = RowGuard.Lane(TRow.Of(input.Matrix, row, input.Classes), input.Classes, lane, RowSum.Lanes);
            faults |= Warp.ShuffleXor(faults, 4);
            faults |= Warp.ShuffleXor(faults, 2);
            faults |= Warp.ShuffleXor(faults, 1);
            if (real & (lane == 0))
            {
                labels[row] = faults == 0 ? input.Label(row) : -1;
            }
        }
    }

    /// <summary>Second pass, a thread per entry. Parts are indexed by segment code × K + class.</summary>
    public static void Count<TRow>(RowInput input, ArrayView<int> labels, ArrayView<RankPart> parts, ArrayView<ulong> keys, ArrayView<ulong> slots)
        where TRow : struct, IDeviceRow<TRow>
    {
        long entries = (long)input.Rows * input.Classes;
        long stride = (long)Grid.DimX * Group.DimX;
        for (long entry = Grid.GlobalLinearIndex; entry < entries; entry += stride)
        {
            int row = (int)(entry / input.Classes);
            int column = (int)(entry - ((long)row * input.Classes));
            int label = labels[row];
            long part = ((long)input.Code(1, row) * input.Classes) + column;
            if ((label >= 0) & (part < parts.Length))
            {
                RankPart partition = parts[part];
                if (partition.Shift >= 0)
                {
                    // In two steps, since a shift by 64 would be none.
                    int half = partition.Shift >> 1;
                    ulong key = Key(TRow.Of(input.Matrix, row, input.Classes).At(column)) >> half >> (partition.Shift - half);
                    long slot = partition.FirstSlot + (2L * Slot(keys, partition, key)) + (label == column ? 1 : 0);
                    Atomic.Add(ref slots[slot], 1UL);
                }
            }
        }
    }

    /// <summary>The order-preserving integer image of a double; −0 and 0 are one.</summary>
    private static ulong Key(double value)
    {
        ulong bits = Interop.FloatAsInt(value);
        bits = bits == 0x8000_0000_0000_0000 ? 0 : bits;
        return (bits & 0x8000_0000_0000_0000) != 0 ? ~bits : bits | 0x8000_0000_0000_0000;
    }

    private static int Slot(ArrayView<ulong> keys, RankPart part, ulong key)
    {
        int low = 0, high = part.Keys;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            bool below = keys[part.FirstKey + middle] < key;
            low = below ? middle + 1 : low;
            high = below ? high : middle;
        }

        bool equal = low < part.Keys && keys[part.FirstKey + low] == key;
        return (2 * low) + (equal ? 1 : 0);
    }
}
