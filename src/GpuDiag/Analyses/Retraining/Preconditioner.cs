using GpuDiag.Columns;
using GpuDiag.Engine.Heads;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>
/// A matrix near the Hessian that is quickly inverted. Of each class k it has the block a_k · [S + m_k m_kᵀ, m_k; m_kᵀ, 1] + λ: how many rows are undecided about
/// the class (a_k = Σ q_ik, q = s · p (1 − p)), their mean m_k, and one covariance around these means for all classes. It changes the way to the optimum, not the optimum.
/// </summary>
internal sealed unsafe class Preconditioner : IDisposable
{
    /// <summary>Rows that tell S: at least this many, and some times the dimensions; more, up to so many times the dimensions, as far as their products cost no more than a share of a pass.</summary>
    private const int Least = 8192, LeastPerDimension = 4, MostPerDimension = 64;

    private const double Share = 0.5;

    /// <summary>Factors of a · S + λ at most: each for an interval of a, of one length in its logarithm.</summary>
    private const int MostFactors = 8;

    private readonly AlignedMemory factors = new();
    private double[] means = [], inverse = [];
    private int[] factorOf = [];
    private int side, width;

    /// <summary>Multiplications that making one takes, about.</summary>
    public static double Cost(RowSweep sweep)
    {
        double n = sweep.Panels * LinearRows.Lanes, stride = Stride(sweep), all = stride > 1 ? sweep.ProductCost / 2 : 0;
        return all + (sweep.Rows / stride * ((n * n) + sweep.Length)) + (n * n * n / 2);
    }

    /// <summary>Makes it at the weights of the last evaluation.</summary>
    public void Make(SoftmaxLoss loss, double lambda)
    {
        RowSweep sweep = loss.Sweep;
        (side, width) = (sweep.Panels * LinearRows.Lanes, sweep.Width);
        int stride = Stride(sweep), classes = sweep.ClassPanels * LinearRows.Lanes;
        using SpreadSample sample = sweep.Sample(stride);
        double[] sums = sample.ClassSums;
        if (stride > 1)
        {
            sums = new double[sweep.Length];
            sweep.ClassSums(sums);
        }

        using AlignedMemory memory = new();
        memory.Reserve((nuint)side * (nuint)side * sizeof(double));
        double* s = (double*)memory.Pointer;
        sample.Gram(s);
        double mass = Centre(s, sums, sample.ClassSums, sweep.Threads);
        Factor(s, mass, lambda, sums, classes);
    }

    /// <summary>Solves for <paramref name="from"/>.</summary>
    public void Apply(RowSweep sweep, double[] from, double[] to)
    {
        from.CopyTo(to, 0);
        Sharing.Run(to.Length < 1 << 15 ? 1 : sweep.Threads, sweep.ClassPanels, Solve);

        void Solve(int panel)
        {
            const int Lanes = LinearRows.Lanes;
            using AlignedMemory memory = new();
            memory.Reserve((nuint)side * 2 * Lanes * sizeof(double), clear: false);
            double* centred = (double*)memory.Pointer, u = centred + (side * Lanes);
            fixed (double* b = &to[panel * side * Lanes], m = &means[panel * side * Lanes], a = &inverse[panel * Lanes])
            {
                CentredBlocks.Centre(b, m, width, side, centred);
                for (int done = 0; done < 255;)
                {
                    int lane = 0, chosen = 0;
                    while ((done >> lane & 1) != 0)
                    {
                        lane++;
                    }

                    int factor = factorOf[(panel * Lanes) + lane];
                    for (; lane < Lanes; lane++)
                    {
                        chosen |= factorOf[(panel * Lanes) + lane] == factor ? 1 << lane : 0;
                    }

                    new Span<double>(centred, side * Lanes).CopyTo(new Span<double>(u, side * Lanes));
                    Cholesky.Solve((double*)factors.Pointer + ((long)factor * side * side), side, u);
                    CentredBlocks.Take(u, m, a, width, chosen, b);
                    done |= chosen;
                }
            }
        }
    }

    public void Dispose() => factors.Dispose();

    private static int Stride(RowSweep sweep)
    {
        double n = sweep.Panels * LinearRows.Lanes, sampled = Math.Max(Math.Max(Least, LeastPerDimension * n), Math.Min(MostPerDimension * n, Share * sweep.ProductCost / (n * n)));
        return Math.Max(1, (int)(sweep.Rows / sampled));
    }

    /// <summary>
    /// Moves second moments from 0 to the classes' means: Σ q (x − m) (x − m)ᵀ = Σ q x xᵀ − Σ_k (b_k m_kᵀ + m_k b_kᵀ − a_k m_k m_kᵀ), where b_k and a_k are sums over the rows sampled and m_k the
    /// means of all. Gives Σ a_k.
    /// </summary>
    private double Centre(double* s, double[] sums, double[] sampled, int threads)
    {
        const int Lanes = LinearRows.Lanes;
        int classes = sums.Length / side;
        double most = 0, mass = 0;
        for (int k = 0; k < classes; k++)
        {
            most = Math.Max(most, sums[LinearHead.At(width, width, k)]);
            mass += sampled[LinearHead.At(width, width, k)];
        }

        (means, inverse) = (new double[sums.Length], new double[classes]);
        double[] mean = new double[width * classes], other = new double[width * classes];
        for (int k = 0; k < classes; k++)
        {
            double a = sums[LinearHead.At(width, width, k)], own = sampled[LinearHead.At(width, width, k)];
            inverse[k] = a > 1e-12 * most ? 1 / a : 0;
            for (int d = 0; d < width; d++)
            {
                int at = LinearHead.At(width, d, k);
                means[at] = sums[at] * inverse[k];
                (mean[(d * classes) + k], other[(d * classes) + k]) = (means[at], (own * means[at]) - (2 * sampled[at]));
            }
        }

        Sharing.Run(threads, (width + Lanes - 1) / Lanes, piece =>
        {
            for (int d = piece * Lanes; d < Math.Min(width, (piece + 1) * Lanes); d++)
            {
                for (int e = d; e < width; e++)
                {
                    s[((long)d * side) + e] += 0.5 * (DoubleVector.Dot(Of(mean, d), Of(other, e)) + DoubleVector.Dot(Of(other, d), Of(mean, e)));
                }
            }
        });
        return mass;

        ReadOnlySpan<double> Of(double[] values, int d) => values.AsSpan(d * classes, classes);
    }

    private void Factor(double* s, double mass, double lambda, double[] sums, int classes)
    {
        double trace = 0;
        for (int d = 0; d < width; d++)
        {
            trace += s[((long)d * side) + d];
        }

        // Below this a, λ is all that matters.
        double floor = trace > 0 ? Math.Max(lambda * mass * width / (16 * trace), 1e-300) : 1e-300;
        int?[] exponents = [.. Enumerable.Range(0, classes).Select(k => inverse[k] == 0 ? (int?)null : Math.ILogB(Math.Max(sums[LinearHead.At(width, width, k)], floor)))];
        int least = exponents.Min() ?? 0, most = exponents.Max() ?? 0, step = (most - least + MostFactors) / MostFactors, count = ((most - least) / step) + 1;
        factorOf = [.. exponents.Select(e => ((e ?? most) - least) / step)];
        factors.Reserve((nuint)count * (nuint)side * (nuint)side * sizeof(double), clear: false);
        for (int f = 0; f < count; f++)
        {
            double* a = (double*)factors.Pointer + ((long)f * side * side);
            double scale = Math.ScaleB(Math.Sqrt(Math.ScaleB(1, step)), least + (f * step)) / Math.Max(mass, 1e-300);
            for (double slack = 1e-9; ; slack *= 1000)
            {
                for (int d = 0; d < side; d++)
                {
                    for (int e = 0; e < side; e++)
                    {
                        a[((long)d * side) + e] = d < width && e < width ? s[((long)d * side) + e] * scale : 0;
                    }

                    double* pivot = a + ((long)d * (side + 1));
                    *pivot = d < width ? (*pivot * (1 + slack)) + lambda : 1;
                }

                if (Cholesky.Factor(a, side))
                {
                    break;
                }
            }
        }
    }
}
