using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>A linear classifier on embeddings: p = softmax(W x + b).</summary>
/// <param name="width">D.</param>
/// <param name="classes">Names, in the order of the outputs.</param>
/// <param name="weights">(D + 1) × P as in <see cref="LinearRows"/>.</param>
/// <param name="absent">Classes that had no row to learn from: their probability is 0.</param>
public sealed unsafe class LinearHead(int width, IReadOnlyList<string> classes, double[] weights, bool[] absent)
{
    private const int Chunk = 1024;

    private readonly int padded = LinearRows.Padded(classes.Count);

    public int Width => width;

    public IReadOnlyList<string> Classes => classes;

    /// <summary>W, class by class, C × D, rounded to float32.</summary>
    public float[] Weights()
    {
        float[] to = new float[classes.Count * width];
        for (int k = 0; k < classes.Count; k++)
        {
            for (int d = 0; d < width; d++)
            {
                to[(k * width) + d] = (float)weights[(d * padded) + k];
            }
        }

        return to;
    }

    /// <summary>b, rounded to float32; of a class without rows the least number that keeps its probability at 0.</summary>
    public float[] Bias() => [.. Enumerable.Range(0, classes.Count).Select(k => absent[k] ? -1e30f : (float)weights[(width * padded) + k])];

    /// <summary>Probabilities of rows, class by class; NaN throughout where a value of the row is NaN or infinite.</summary>
    /// <param name="rows">Of width D.</param>
    /// <param name="threads">Threads that may work.</param>
    /// <param name="take">Receives row number and probabilities, from any thread.</param>
    public void Predict(VectorBlock rows, int threads, RowTaker take)
    {
        int count = classes.Count;
        Parallel.For(0, (rows.Rows + Chunk - 1) / Chunk, new ParallelOptions { MaxDegreeOfParallelism = threads }, chunk =>
        {
            long first = chunk * Chunk, size = Math.Min(Chunk, rows.Rows - first);
            double[] logits = new double[size * padded];
            fixed (double* w = weights, z = logits)
            {
                LinearRows.Logits(rows.Row(first), size, width, w, padded, z);
            }

            for (int i = 0; i < size; i++)
            {
                Span<double> row = logits.AsSpan(i * padded, count);
                for (int k = 0; k < count; k++)
                {
                    row[k] = absent[k] ? double.NegativeInfinity : row[k];
                }

                Softmax.Of(row, row);
                take(first + i, row);
            }
        });
    }

    /// <summary>Takes a row's probabilities.</summary>
    public delegate void RowTaker(long row, ReadOnlySpan<double> probabilities);
}
