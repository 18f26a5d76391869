using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>
/// The objective of multinomial logistic regression as scikit-learn states it, times 1/C: Σ_i s_i · (−ln p_i,y) + λ/2 · Σ W², λ = 1/C, the
/// bias without a penalty. Rows are taken in their order whatever the threads, so that value and gradient are the same bits everywhere.
/// </summary>
/// <param name="rows">Finite values only.</param>
/// <param name="labels">Class per row, from 0.</param>
/// <param name="sampleWeights">s, per row; rows of weight 0 do not count.</param>
/// <param name="classes">C.</param>
/// <param name="threads">Threads that may work.</param>
internal sealed unsafe class SoftmaxLoss(VectorBlock rows, int[] labels, double[] sampleWeights, int classes, int threads)
{
    /// <summary>Rows whose residuals are kept at once; changes the time only.</summary>
    private const long Chunk = 8192;

    private const int Piece = 64, DimensionPiece = 16;

    private readonly int padded = LinearRows.Padded(classes);
    private readonly double[] residuals = new double[Math.Min(Chunk, rows.Rows) * LinearRows.Padded(classes)];
    private readonly double[] losses = new double[Math.Min(Chunk, rows.Rows)];
    private readonly ParallelOptions parallel = new()
    {
        // Below a million products a thread takes longer to wake than to work.
        MaxDegreeOfParallelism = rows.Rows * (rows.Width + 1) * LinearRows.Padded(classes) < 1 << 20 ? 1 : threads,
    };

    /// <summary>Weights of a head.</summary>
    public int Length => (rows.Width + 1) * padded;

    /// <summary>Σ s.</summary>
    public double Mass { get; } = sampleWeights.Sum();

    /// <summary>Classes that rows of weight above 0 have.</summary>
    public bool[] Present { get; } = Have(labels, sampleWeights, classes);

    /// <summary>The value at some weights; the gradient goes to <paramref name="gradient"/>.</summary>
    public double Evaluate(double[] weights, double lambda, double[] gradient)
    {
        Array.Clear(gradient);
        double loss = 0;
        fixed (double* w = weights, g = gradient, r = residuals)
        {
            double* at = w, to = g, kept = r;
            for (long first = 0; first < rows.Rows; first += Chunk)
            {
                long start = first, count = Math.Min(Chunk, rows.Rows - first);
                Parallel.For(0, (count + Piece - 1) / Piece, parallel, piece => Residuals(start, piece * Piece, Math.Min(Piece, count - (piece * Piece)), at, kept));
                for (int i = 0; i < count; i++)
                {
                    loss += losses[i];
                }

                int dimensions = rows.Width + 1;
                Parallel.For(0, (dimensions + DimensionPiece - 1) / DimensionPiece, parallel, piece => LinearRows.AddGradient(
                    rows.Row(start), count, rows.Width, kept, padded, piece * DimensionPiece, Math.Min(dimensions, (piece + 1) * DimensionPiece), to));
            }
        }

        double squares = 0;
        for (int i = 0; i < rows.Width * padded; i++)
        {
            squares = Math.FusedMultiplyAdd(weights[i], weights[i], squares);
            gradient[i] = Math.FusedMultiplyAdd(lambda, weights[i], gradient[i]);
        }

        return loss + (lambda / 2 * squares);
    }

    /// <summary>A diagonal near that of the Hessian at equal probabilities: what the search starts from.</summary>
    public double[] Diagonal(double lambda)
    {
        double[] squares = new double[rows.Width + 1];
        for (long i = 0; i < rows.Rows; i++)
        {
            double s = sampleWeights[i];
            float* x = rows.Row(i);
            for (int d = 0; d < rows.Width; d++)
            {
                squares[d] = Math.FusedMultiplyAdd(s * x[d], x[d], squares[d]);
            }

            squares[rows.Width] += s;
        }

        double[] diagonal = new double[Length];
        double curvature = (classes - 1.0) / ((double)classes * classes);
        for (int d = 0; d <= rows.Width; d++)
        {
            diagonal.AsSpan(d * padded, padded).Fill(Math.Max((d < rows.Width ? lambda : 0) + (squares[d] * curvature), 1e-300));
        }

        return diagonal;
    }

    private static bool[] Have(int[] labels, double[] weights, int classes)
    {
        bool[] present = new bool[classes];
        for (int i = 0; i < labels.Length; i++)
        {
            present[labels[i]] |= weights[i] > 0;
        }

        return present;
    }

    /// <summary>Of rows [first + from, … + count): s · (p − y) and s · (−ln p_y).</summary>
    private void Residuals(long first, long from, long count, double* weights, double* to)
    {
        double* z = to + (from * padded);
        LinearRows.Logits(rows.Row(first + from), count, rows.Width, weights, padded, z);
        for (long i = 0; i < count; i++, z += padded)
        {
            long row = first + from + i;
            double s = sampleWeights[row];
            Span<double> p = new(z, classes);
            if (s == 0)
            {
                new Span<double>(z, padded).Clear();
                losses[from + i] = 0;
                continue;
            }

            double largest = double.NegativeInfinity, own = p[labels[row]];
            for (int k = 0; k < classes; k++)
            {
                p[k] = Present[k] ? p[k] : double.NegativeInfinity;
                largest = Math.Max(largest, p[k]);
            }

            Softmax.Of(p, p);
            double top = 0;
            for (int k = 0; k < classes; k++)
            {
                top = Math.Max(top, p[k]);
            }

            // −ln p_y without underflow: the greatest probability is 1 / Σ e^(z − max).
            losses[from + i] = s * (largest - own - Deterministic.Log(top));
            p[labels[row]] -= 1;
            for (int k = 0; k < classes; k++)
            {
                p[k] *= s;
            }
        }
    }
}
