using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>
/// A matrix near the Hessian that is quickly inverted: the same D × D block for every class, Σ c_i x_i xᵀ_i / classes + λ, c_i = s_i Σ p (1 − p) where it
/// was made. It changes the way to the optimum, not the optimum.
/// </summary>
internal sealed unsafe class Preconditioner : IDisposable
{
    /// <summary>Rows that are enough to tell the block: this many, or some times the dimensions.</summary>
    private const int Enough = 8192, PerDimension = 4;

    private readonly AlignedMemory factor = new();
    private int side;

    /// <summary>Multiplications that making one takes, about.</summary>
    public static double Cost(RowSweep sweep)
    {
        double n = sweep.Panels * LinearRows.Lanes;
        return (Math.Min(sweep.Rows, Math.Max(Enough, PerDimension * n)) * n * n) + (n * n * n / 2);
    }

    /// <summary>Makes it at the weights of the last evaluation.</summary>
    public void Make(SoftmaxLoss loss, double lambda)
    {
        side = loss.Sweep.Panels * LinearRows.Lanes;
        factor.Reserve((nuint)side * (nuint)side * sizeof(double));
        double* a = (double*)factor.Pointer;
        int stride = Math.Max(1, loss.Sweep.Rows / Math.Max(Enough, PerDimension * side));
        double scale = stride / (double)loss.Present.Count(p => p);
        for (double slack = 1e-9; ; slack *= 1000)
        {
            loss.Sweep.Gram(stride, a);
            for (int d = 0; d < side; d++)
            {
                double* row = a + ((long)d * side);
                DoubleVector.Scale(new Span<double>(row, side), scale);
                row[d] = d > loss.Sweep.Width ? 1 : (row[d] * (1 + slack)) + (d < loss.Sweep.Width ? lambda : 1e-300);
            }

            if (Cholesky.Factor(a, side))
            {
                return;
            }
        }
    }

    /// <summary>Solves for <paramref name="from"/>.</summary>
    public void Apply(RowSweep sweep, double[] from, double[] to)
    {
        from.CopyTo(to, 0);
        int panel = side * LinearRows.Lanes;
        fixed (double* pinned = to)
        {
            double* b = pinned, u = (double*)factor.Pointer;
            if (to.Length < 1 << 15)
            {
                for (int k = 0; k < sweep.ClassPanels; k++)
                {
                    Cholesky.Solve(u, side, b + (k * panel));
                }
            }
            else
            {
                sweep.Share(sweep.ClassPanels, k => Cholesky.Solve(u, side, b + (k * panel)));
            }
        }
    }

    public void Dispose() => factor.Dispose();
}
