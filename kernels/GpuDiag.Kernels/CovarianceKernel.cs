using GpuDiag.Kernels.Algebra;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// Exact sums of products of quantised values: products[i, j] += Σ over rows of qᵢ·qⱼ, in 64-bit integers. Magnitudes of q
/// are at most 2²¹, so that 2²⁰ rows fit. A column of ones follows the last dimension: its products are the sums of the
/// others and the number of rows. An excluded row is zeros throughout.
/// Cost per row: D²/2 multiply-adds of integers, 4·D bytes read and written once more as integers.
/// </summary>
public static class CovarianceKernel
{
    /// <summary>Dimensions along each side of a thread's block of sums.</summary>
    public const int Block = 4;

    /// <summary>Rows per step.</summary>
    public const int Depth = 8;

    // Between 2^52 and 2^53 doubles are the integers, so adding 1.5·2^52 and taking it off rounds, as on the host.
    private const double Rounder = 6755399441055744.0;

    /// <summary>q = (x − shift)·scale, rounded to nearest, ties to even, and cut off at ±most. A thread per value.</summary>
    /// <param name="values">Rows of <paramref name="width"/> values.</param>
    /// <param name="counts">Per row: 0 = excluded.</param>
    /// <param name="shift">Per dimension.</param>
    /// <param name="scale">Per dimension.</param>
    /// <param name="most">Largest magnitude.</param>
    /// <param name="width">Dimensions.</param>
    /// <param name="padded">Width of the result: more than <paramref name="width"/>.</param>
    /// <param name="quantised">Receives rows × padded.</param>
    public static void Quantize(ArrayView<float> values, ArrayView<int> counts, ArrayView<double> shift, ArrayView<double> scale, double most, int width, int padded, ArrayView<int> quantised)
    {
        for (long i = Grid.GlobalLinearIndex; i < quantised.Length; i += (long)Grid.DimX * Group.DimX)
        {
            long row = i / padded;
            int dimension = (int)(i - (row * padded)), at = Math.Min(dimension, width - 1), counted = counts[row];
            double centred = Deterministic.Sub(values[(row * width) + at], shift[at]);
            double steps = Deterministic.Sub(Deterministic.Fma(centred, scale[at], Rounder), Rounder);
            steps = steps > most ? most : steps < -most ? -most : steps;
            quantised[i] = counted == 0 | dimension > width ? 0 : dimension == width ? 1 : (int)steps;
        }
    }

    /// <summary>
    /// Grid: pairs of tiles (i ≤ j, in the order of j) × any number of groups that share the rows. Group: side × side.
    /// </summary>
    public static void Products(ArrayView<int> quantised, int rows, int padded, ArrayView<ulong> products)
    {
        ArrayView<int> shared = SharedMemory.GetDynamic<int>();
        int side = Group.DimX, x = Group.IdxX, y = Group.IdxY, edge = side * Block, half = Depth * edge;
        int column = 0, pair = Grid.IdxX;
        while (pair > column)
        {
            column++;
            pair -= column;
        }

        int firstI = pair * edge, firstJ = column * edge;
        var s0 = default(Sums);
        var s1 = default(Sums);
        var s2 = default(Sums);
        var s3 = default(Sums);
        for (int start = Grid.IdxY * Depth; start < rows; start += Grid.DimY * Depth)
        {
            for (int i = (y * side) + x; i < half; i += side * side)
            {
                int row = start + (i / edge), dimension = i % edge;
                bool real = row < rows;
                long from = (long)(real ? row : 0) * padded;
                int left = quantised[from + firstI + dimension], right = quantised[from + firstJ + dimension];
                shared[i] = real ? left : 0;
                shared[half + i] = real ? right : 0;
            }

            Group.Barrier();
            for (int d = 0; d < Depth; d++)
            {
                int at = (d * edge) + y, to = half + (d * edge) + x;
                int b0 = shared[to], b1 = shared[to + side], b2 = shared[to + (2 * side)], b3 = shared[to + (3 * side)];
                s0 = Sums.Add(s0, shared[at], b0, b1, b2, b3);
                s1 = Sums.Add(s1, shared[at + side], b0, b1, b2, b3);
                s2 = Sums.Add(s2, shared[at + (2 * side)], b0, b1, b2, b3);
                s3 = Sums.Add(s3, shared[at + (3 * side)], b0, b1, b2, b3);
            }

            Group.Barrier();
        }

        long to0 = ((long)(firstI + y) * padded) + firstJ + x, down = (long)side * padded;
        Store(products, to0, side, s0);
        Store(products, to0 + down, side, s1);
        Store(products, to0 + (2 * down), side, s2);
        Store(products, to0 + (3 * down), side, s3);
    }

    private static void Store(ArrayView<ulong> products, long at, int side, Sums sums)
    {
        Atomic.Add(ref products[at], (ulong)sums.A);
        Atomic.Add(ref products[at + side], (ulong)sums.B);
        Atomic.Add(ref products[at + (2 * side)], (ulong)sums.C);
        Atomic.Add(ref products[at + (3 * side)], (ulong)sums.D);
    }

    private struct Sums
    {
        public long A, B, C, D;

        public static Sums Add(Sums sums, int a, int b0, int b1, int b2, int b3) => new()
        {
            A = sums.A + ((long)a * b0),
            B = sums.B + ((long)a * b1),
            C = sums.C + ((long)a * b2),
            D = sums.D + ((long)a * b3),
        };
    }
}
