using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// Spreads dense values over rows by a bitmap: row i takes the next value where bit i is set, else the value for null.
/// Reads at most one value past the dense ones (64 bytes with vectors).
/// </summary>
internal static unsafe class NullSpread
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Bytes(byte* dense, ulong* present, int rows, byte* target)
    {
        for (int i = 0; i < rows; i++)
        {
            uint bit = Bit(present, i);
            target[i] = (byte)(*dense & (0 - bit));
            dense += bit;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Shorts(ushort* dense, ulong* present, int rows, ushort* target)
    {
        for (int i = 0; i < rows; i++)
        {
            uint bit = Bit(present, i);
            target[i] = (ushort)(*dense & (0 - bit));
            dense += bit;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Ints(int* dense, ulong* present, int rows, int* target)
    {
        for (int i = 0; i < rows; i++)
        {
            uint bit = Bit(present, i);
            target[i] = *dense & -(int)bit;
            dense += bit;
        }
    }

    /// <summary>Null is NaN. Up to 64 bytes past the rows are overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Floats(float* dense, ulong* present, int rows, float* target)
    {
        int i = 0;
        if (Avx512F.IsSupported)
        {
            Vector512<int> bit = Avx512F.ShiftLeftLogicalVariable(Vector512<int>.One, Vector512<uint>.Indices);
            Vector512<float> nan = Vector512.Create(float.NaN);
            for (; i < rows; i += 16)
            {
                int bits = (int)(present[i >> 6] >> (i & 63)) & 0xffff;
                Vector512<float> mask = Vector512.Equals(Vector512.Create(bits) & bit, bit).AsSingle();
                Avx512F.Expand(nan, mask, Vector512.Load(dense)).Store(target + i);
                dense += BitOperations.PopCount((uint)bits);
            }
        }

        for (; i < rows; i++)
        {
            uint bit = Bit(present, i);
            target[i] = bit != 0 ? *dense : float.NaN;
            dense += bit;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Doubles(double* dense, ulong* present, int rows, double* target)
    {
        for (int i = 0; i < rows; i++)
        {
            uint bit = Bit(present, i);
            target[i] = bit != 0 ? *dense : double.NaN;
            dense += bit;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bit(ulong* present, int row) => (uint)(present[row >> 6] >> (row & 63)) & 1;
}
