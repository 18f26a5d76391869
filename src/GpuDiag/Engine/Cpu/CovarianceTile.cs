using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// Sums of products of 8 by 24 columns over rows that are packed in panels of 24 columns, row by row: 24 accumulators,
/// three loads and eight broadcasts for 24 multiplications. Every sum is of integers below 2^53, so it is exact, and
/// fused or not, in which order, or in what width the machine has, makes no difference.
/// </summary>
internal static unsafe class CovarianceTile
{
    /// <summary>Columns of a panel.</summary>
    public const int Panel = 24;

    /// <summary>Columns on the left side of a tile.</summary>
    public const int Side = 8;

    /// <param name="left">The first of 8 columns in a panel.</param>
    /// <param name="right">A panel.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="tile">Receives 8 × 24 sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply(double* left, double* right, int rows, double* tile)
    {
        Vector512<double> s0a = Vector512<double>.Zero, s0b = s0a, s0c = s0a;
        Vector512<double> s1a = Vector512<double>.Zero, s1b = s1a, s1c = s1a;
        Vector512<double> s2a = Vector512<double>.Zero, s2b = s2a, s2c = s2a;
        Vector512<double> s3a = Vector512<double>.Zero, s3b = s3a, s3c = s3a;
        Vector512<double> s4a = Vector512<double>.Zero, s4b = s4a, s4c = s4a;
        Vector512<double> s5a = Vector512<double>.Zero, s5b = s5a, s5c = s5a;
        Vector512<double> s6a = Vector512<double>.Zero, s6b = s6a, s6c = s6a;
        Vector512<double> s7a = Vector512<double>.Zero, s7b = s7a, s7c = s7a;
        for (double* end = left + ((nint)rows * Panel); left < end; left += Panel, right += Panel)
        {
            Vector512<double> a = Vector512.Load(right), b = Vector512.Load(right + 8), c = Vector512.Load(right + 16);
            Vector512<double> x = Vector512.Create(left[0]);
            s0a = Vector512.FusedMultiplyAdd(x, a, s0a);
            s0b = Vector512.FusedMultiplyAdd(x, b, s0b);
            s0c = Vector512.FusedMultiplyAdd(x, c, s0c);
            x = Vector512.Create(left[1]);
            s1a = Vector512.FusedMultiplyAdd(x, a, s1a);
            s1b = Vector512.FusedMultiplyAdd(x, b, s1b);
            s1c = Vector512.FusedMultiplyAdd(x, c, s1c);
            x = Vector512.Create(left[2]);
            s2a = Vector512.FusedMultiplyAdd(x, a, s2a);
            s2b = Vector512.FusedMultiplyAdd(x, b, s2b);
            s2c = Vector512.FusedMultiplyAdd(x, c, s2c);
            x = Vector512.Create(left[3]);
            s3a = Vector512.FusedMultiplyAdd(x, a, s3a);
            s3b = Vector512.FusedMultiplyAdd(x, b, s3b);
            s3c = Vector512.FusedMultiplyAdd(x, c, s3c);
            x = Vector512.Create(left[4]);
            s4a = Vector512.FusedMultiplyAdd(x, a, s4a);
            s4b = Vector512.FusedMultiplyAdd(x, b, s4b);
            s4c = Vector512.FusedMultiplyAdd(x, c, s4c);
            x = Vector512.Create(left[5]);
            s5a = Vector512.FusedMultiplyAdd(x, a, s5a);
            s5b = Vector512.FusedMultiplyAdd(x, b, s5b);
            s5c = Vector512.FusedMultiplyAdd(x, c, s5c);
            x = Vector512.Create(left[6]);
            s6a = Vector512.FusedMultiplyAdd(x, a, s6a);
            s6b = Vector512.FusedMultiplyAdd(x, b, s6b);
            s6c = Vector512.FusedMultiplyAdd(x, c, s6c);
            x = Vector512.Create(left[7]);
            s7a = Vector512.FusedMultiplyAdd(x, a, s7a);
            s7b = Vector512.FusedMultiplyAdd(x, b, s7b);
            s7c = Vector512.FusedMultiplyAdd(x, c, s7c);
        }

        Store(tile + 0, s0a, s0b, s0c);
        Store(tile + 24, s1a, s1b, s1c);
        Store(tile + 48, s2a, s2b, s2c);
        Store(tile + 72, s3a, s3b, s3c);
        Store(tile + 96, s4a, s4b, s4c);
        Store(tile + 120, s5a, s5b, s5c);
        Store(tile + 144, s6a, s6b, s6c);
        Store(tile + 168, s7a, s7b, s7c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* to, Vector512<double> a, Vector512<double> b, Vector512<double> c)
    {
        a.Store(to);
        b.Store(to + 8);
        c.Store(to + 16);
    }
}
