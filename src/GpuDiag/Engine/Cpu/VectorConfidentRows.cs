using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Engine.Cpu;

/// <summary>Rows by 64 bytes at a time: one register, or two, or four.</summary>
internal readonly unsafe struct VectorConfidentRows : IConfidentRows
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryCompare<T>(T* row, T* least, int classes, T lowest, T highest, out int count, out int last)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector512<T> low = Vector512.Create(lowest), high = Vector512.Create(highest), within = Vector512<T>.AllBitsSet;
        int reached = 0, at = -1, k = 0;
        for (; k + Vector512<T>.Count <= classes; k += Vector512<T>.Count)
        {
            Vector512<T> p = Vector512.Load(row + k);
            within &= Vector512.GreaterThanOrEqual(p, low) & Vector512.LessThanOrEqual(p, high);
            ulong bits = Vector512.GreaterThanOrEqual(p, Vector512.Load(least + k)).ExtractMostSignificantBits();
            if (bits != 0)
            {
                reached += BitOperations.PopCount(bits);
                at = k + BitOperations.Log2(bits);
            }
        }

        bool valid = within.ExtractMostSignificantBits() == (Vector512<T>.Count == 16 ? 0xFFFFul : 0xFFul);
        for (; k < classes; k++)
        {
            valid &= row[k] >= lowest && row[k] <= highest;
            if (row[k] >= least[k])
            {
                reached++;
                at = k;
            }
        }

        (count, last) = (reached, at);
        return valid;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int ArgMax<T>(T* row, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (classes < Vector512<T>.Count)
        {
            return ScalarConfidentRows.ArgMax(row, classes);
        }

        Vector512<T> top = Vector512.Load(row);
        int k = Vector512<T>.Count;
        for (; k + Vector512<T>.Count <= classes; k += Vector512<T>.Count)
        {
            top = Vector512.MaxNative(top, Vector512.Load(row + k));
        }

        T largest = top[0];
        for (int i = 1; i < Vector512<T>.Count; i++)
        {
            largest = top[i] > largest ? top[i] : largest;
        }

        for (; k < classes; k++)
        {
            largest = row[k] > largest ? row[k] : largest;
        }

        return FirstEqual(row, classes, largest);
    }

    private static int FirstEqual<T>(T* row, int classes, T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector512<T> wanted = Vector512.Create(value);
        int k = 0;
        for (; k + Vector512<T>.Count <= classes; k += Vector512<T>.Count)
        {
            ulong hits = Vector512.Equals(Vector512.Load(row + k), wanted).ExtractMostSignificantBits();
            if (hits != 0)
            {
                return k + BitOperations.TrailingZeroCount(hits);
            }
        }

        while (row[k] != value)
        {
            k++;
        }

        return k;
    }
}
