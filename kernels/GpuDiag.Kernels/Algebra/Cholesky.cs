using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// The factor U of a symmetric positive definite matrix A = UᵀU, and solutions by it for eight right sides at once. Every entry is
/// computed in one order, by fused multiply-adds, so it has the same bits on every machine. Host only.
/// </summary>
public static unsafe class Cholesky
{
    private const int Lanes = LinearRows.Lanes;

    /// <summary>Replaces the upper triangle by U; what is below has no meaning then.</summary>
    /// <param name="a">n rows of n values; n a multiple of eight.</param>
    /// <param name="n">Rows.</param>
    /// <returns>False where a pivot is not above 0: then the matrix is spoilt.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Factor(double* a, int n)
    {
        for (int k = 0; k < n; k++)
        {
            double* row = a + ((long)k * n);
            if (!(row[k] > 0))
            {
                return false;
            }

            int first = k / Lanes * Lanes;
            double root = Math.Sqrt(row[k]);
            for (int j = k; j < n; j++)
            {
                row[j] /= root;
            }

            for (int i = k + 1; i < n; i++)
            {
                double* to = a + ((long)i * n);
                Vector512<double> factor = Vector512.Create(-row[i]);
                for (int j = Math.Max(first, i / Lanes * Lanes); j < n; j += Lanes)
                {
                    Vector512.FusedMultiplyAdd(factor, Vector512.Load(row + j), Vector512.Load(to + j)).Store(to + j);
                }
            }
        }

        return true;
    }

    /// <summary>Replaces eight right sides by the solutions of A x = b.</summary>
    /// <param name="u">The factor.</param>
    /// <param name="n">Rows.</param>
    /// <param name="b">n rows of eight.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Solve(double* u, int n, double* b)
    {
        for (int j = 0; j < n; j++)
        {
            double* row = u + ((long)j * n);
            Vector512<double> y = Vector512.Load(b + (j * Lanes)) / Vector512.Create(row[j]);
            y.Store(b + (j * Lanes));
            y = -y;
            for (int i = j + 1; i < n; i++)
            {
                Vector512.FusedMultiplyAdd(Vector512.Create(row[i]), y, Vector512.Load(b + (i * Lanes))).Store(b + (i * Lanes));
            }
        }

        for (int i = n - 1; i >= 0; i--)
        {
            double* row = u + ((long)i * n);

            // Four sums: one would wait for itself.
            Vector512<double> s0 = Vector512<double>.Zero, s1 = s0, s2 = s0, s3 = s0;
            int j = i + 1;
            for (; j + 4 <= n; j += 4)
            {
                double* x = b + (j * Lanes);
                s0 = Vector512.FusedMultiplyAdd(Vector512.Create(row[j]), Vector512.Load(x), s0);
                s1 = Vector512.FusedMultiplyAdd(Vector512.Create(row[j + 1]), Vector512.Load(x + 8), s1);
                s2 = Vector512.FusedMultiplyAdd(Vector512.Create(row[j + 2]), Vector512.Load(x + 16), s2);
                s3 = Vector512.FusedMultiplyAdd(Vector512.Create(row[j + 3]), Vector512.Load(x + 24), s3);
            }

            for (; j < n; j++)
            {
                s0 = Vector512.FusedMultiplyAdd(Vector512.Create(row[j]), Vector512.Load(b + (j * Lanes)), s0);
            }

            ((Vector512.Load(b + (i * Lanes)) - ((s0 + s1) + (s2 + s3))) / Vector512.Create(row[i])).Store(b + (i * Lanes));
        }
    }
}
