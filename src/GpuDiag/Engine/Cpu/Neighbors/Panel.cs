using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Engine.Cpu.Neighbors;

/// <summary>Vectors side by side as a tile reads them: [width][rows], one dimension of all rows after another.</summary>
internal static unsafe class Panel
{
    /// <summary>Transposes row-major vectors into a panel.</summary>
    /// <param name="from">[rows][width].</param>
    /// <param name="width">Dimensions.</param>
    /// <param name="rows">Rows of the panel, a multiple of 4; all are read.</param>
    /// <param name="to">[width][rows].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* from, int width, int rows, float* to)
    {
        int d = 0;
        for (; d + 4 <= width; d += 4)
        {
            for (int r = 0; r < rows; r += 4)
            {
                float* source = from + ((nint)r * width) + d;
                float* target = to + ((nint)d * rows) + r;
                Transpose4(source, width, target, rows);
            }
        }

        for (; d < width; d++)
        {
            for (int r = 0; r < rows; r++)
            {
                to[((nint)d * rows) + r] = from[((nint)r * width) + d];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4(float* from, int width, float* to, int rows)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + width);
        Vector128<float> c = Vector128.Load(from + (2 * (nint)width)), d = Vector128.Load(from + (3 * (nint)width));
        Vector256<float> ab = Vector256.Create(a, b), cd = Vector256.Create(c, d);
        Vector256<int> pairs = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
        Vector256<double> ab2 = Vector256.Shuffle(ab, pairs).AsDouble(), cd2 = Vector256.Shuffle(cd, pairs).AsDouble();
        Pair(ab2.GetLower(), cd2.GetLower(), to, rows);
        Pair(ab2.GetUpper(), cd2.GetUpper(), to + (2 * (nint)rows), rows);
    }

    /// <summary>Writes a0 b0 c0 d0, then a1 b1 c1 d1, from a0 b0 a1 b1 and c0 d0 c1 d1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(Vector128<double> ab, Vector128<double> cd, float* to, int rows)
    {
        Vector256<double> both = Vector256.Shuffle(Vector256.Create(ab, cd), Vector256.Create(0L, 2, 1, 3));
        both.GetLower().AsSingle().Store(to);
        both.GetUpper().AsSingle().Store(to + rows);
    }
}
