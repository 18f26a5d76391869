using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Products of rows with the weights of a linear classifier, in one order on every machine: sums over dimensions, and over
/// rows, go from the first to the last by fused multiply-adds, each class on its own; so neither register width nor how work is
/// shared among threads shows in a bit. Values of float32 widen to double (exact). Host only.
/// </summary>
/// <remarks>
/// Weights are (D + 1) × P doubles, dimension by dimension; row D is the bias; P is the number of classes rounded up to
/// <see cref="Lanes"/>, and what is beyond the classes is 0 throughout.
/// </remarks>
public static unsafe class LinearRows
{
    /// <summary>Classes per register.</summary>
    public const int Lanes = 8;

    private const int Tile = 4;

    /// <summary>Classes rounded up to whole registers.</summary>
    public static int Padded(int classes) => (classes + Lanes - 1) / Lanes * Lanes;

    /// <summary>Logits of some rows: z[i, k] = bias[k] + Σ_d x[i, d] · w[d, k].</summary>
    /// <param name="rows">Rows × D, row by row.</param>
    /// <param name="count">Rows.</param>
    /// <param name="width">D.</param>
    /// <param name="weights">(D + 1) × P.</param>
    /// <param name="padded">P.</param>
    /// <param name="logits">Rows × P.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Logits(float* rows, long count, int width, double* weights, int padded, double* logits)
    {
        double* bias = weights + ((long)width * padded);
        long i = 0;
        for (; i + Tile <= count; i += Tile)
        {
            float* x = rows + (i * width);
            for (int k = 0; k < padded; k += Lanes)
            {
                Vector512<double> a = Vector512.Load(bias + k), b = a, c = a, d = a;
                double* w = weights + k;
                for (int n = 0; n < width; n++, w += padded)
                {
                    Vector512<double> column = Vector512.Load(w);
                    a = Vector512.FusedMultiplyAdd(Vector512.Create((double)x[n]), column, a);
                    b = Vector512.FusedMultiplyAdd(Vector512.Create((double)x[n + width]), column, b);
                    c = Vector512.FusedMultiplyAdd(Vector512.Create((double)x[n + (2L * width)]), column, c);
                    d = Vector512.FusedMultiplyAdd(Vector512.Create((double)x[n + (3L * width)]), column, d);
                }

                double* z = logits + (i * padded) + k;
                a.Store(z);
                b.Store(z + padded);
                c.Store(z + (2L * padded));
                d.Store(z + (3L * padded));
            }
        }

        for (; i < count; i++)
        {
            float* x = rows + (i * width);
            for (int k = 0; k < padded; k += Lanes)
            {
                Vector512<double> a = Vector512.Load(bias + k);
                double* w = weights + k;
                for (int n = 0; n < width; n++, w += padded)
                {
                    a = Vector512.FusedMultiplyAdd(Vector512.Create((double)x[n]), Vector512.Load(w), a);
                }

                a.Store(logits + (i * padded) + k);
            }
        }
    }

    /// <summary>Adds to dimensions [from, to) of a gradient: g[d, k] += Σ_i x[i, d] · r[i, k], the rows in their order; dimension D has x = 1.</summary>
    /// <param name="rows">Rows × D, row by row.</param>
    /// <param name="count">Rows.</param>
    /// <param name="width">D.</param>
    /// <param name="residuals">Rows × P.</param>
    /// <param name="padded">P.</param>
    /// <param name="from">The first dimension.</param>
    /// <param name="to">Behind the last, at most D + 1.</param>
    /// <param name="gradient">(D + 1) × P.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddGradient(float* rows, long count, int width, double* residuals, int padded, int from, int to, double* gradient)
    {
        int d = from;
        for (; d + Tile <= Math.Min(to, width); d += Tile)
        {
            for (int k = 0; k < padded; k += Lanes)
            {
                double* g = gradient + ((long)d * padded) + k;
                Vector512<double> a = Vector512.Load(g), b = Vector512.Load(g + padded), c = Vector512.Load(g + (2L * padded)), e = Vector512.Load(g + (3L * padded));
                float* x = rows + d;
                double* r = residuals + k;
                for (long i = 0; i < count; i++, x += width, r += padded)
                {
                    Vector512<double> residual = Vector512.Load(r);
                    a = Vector512.FusedMultiplyAdd(Vector512.Create((double)x[0]), residual, a);
                    b = Vector512.FusedMultiplyAdd(Vector512.Create((double)x[1]), residual, b);
                    c = Vector512.FusedMultiplyAdd(Vector512.Create((double)x[2]), residual, c);
                    e = Vector512.FusedMultiplyAdd(Vector512.Create((double)x[3]), residual, e);
                }

                a.Store(g);
                b.Store(g + padded);
                c.Store(g + (2L * padded));
                e.Store(g + (3L * padded));
            }
        }

        for (; d < to; d++)
        {
            for (int k = 0; k < padded; k += Lanes)
            {
                double* g = gradient + ((long)d * padded) + k;
                Vector512<double> a = Vector512.Load(g);
                double* r = residuals + k;
                for (long i = 0; i < count; i++, r += padded)
                {
                    a = Vector512.FusedMultiplyAdd(Vector512.Create(d == width ? 1.0 : rows[(i * width) + d]), Vector512.Load(r), a);
                }

                a.Store(g);
            }
        }
    }
}
