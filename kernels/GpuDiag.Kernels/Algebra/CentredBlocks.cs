using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Solves, for eight classes at once, with the matrix a · [S + m mᵀ, m; mᵀ, 1] + λ (not for the last row) where A = a · S + λ has a factor by <see cref="Cholesky"/>:
/// u = A⁻¹ (g − h m), b = h / a − m · u for the right side (g, h). Host only.
/// </summary>
public static unsafe class CentredBlocks
{
    private const int Lanes = LinearRows.Lanes;

    /// <summary>g − h m.</summary>
    /// <param name="b">g, then h at row <paramref name="width"/>, by rows of eight classes.</param>
    /// <param name="means">m, laid out alike.</param>
    /// <param name="width">Dimensions.</param>
    /// <param name="rows">Rows of eight; those behind h become 0.</param>
    /// <param name="to">Receives it, 0 from row <paramref name="width"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Centre(double* b, double* means, int width, int rows, double* to)
    {
        Vector512<double> h = -Vector512.Load(b + (width * Lanes));
        for (int d = 0; d < width; d++)
        {
            Vector512.FusedMultiplyAdd(h, Vector512.Load(means + (d * Lanes)), Vector512.Load(b + (d * Lanes))).Store(to + (d * Lanes));
        }

        new Span<double>(to + (width * Lanes), (rows - width) * Lanes).Clear();
    }

    /// <summary>Takes the columns of u of some classes, and gives these their b.</summary>
    /// <param name="u">The solution of the centred right side.</param>
    /// <param name="means">m.</param>
    /// <param name="inverse">1 / a of the eight classes.</param>
    /// <param name="width">Dimensions.</param>
    /// <param name="classes">The lanes to take, as bits.</param>
    /// <param name="b">The right side; receives u, then b at row <paramref name="width"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Take(double* u, double* means, double* inverse, int width, int classes, double* b)
    {
        Vector512<long> bits = Vector512.Create(1L, 2, 4, 8, 16, 32, 64, 128);
        Vector512<double> chosen = Vector512.Equals(Vector512.Create((long)classes) & bits, bits).AsDouble(), shift = Vector512<double>.Zero;
        for (int d = 0; d < width; d++)
        {
            Vector512<double> v = Vector512.Load(u + (d * Lanes));
            shift = Vector512.FusedMultiplyAdd(Vector512.Load(means + (d * Lanes)), v, shift);
            Vector512.ConditionalSelect(chosen, v, Vector512.Load(b + (d * Lanes))).Store(b + (d * Lanes));
        }

        double* last = b + (width * Lanes);
        Vector512<double> h = Vector512.Load(last);
        Vector512.ConditionalSelect(chosen, (h * Vector512.Load(inverse)) - shift, h).Store(last);
    }
}
