using GpuDiag.Columns;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>A linear classifier on embeddings: p = softmax(W x + b).</summary>
/// <param name="width">D.</param>
/// <param name="classes">Names, in the order of the outputs.</param>
/// <param name="weights">Panels of classes as in <see cref="LinearRows"/>.</param>
/// <param name="absent">Classes that had no row to learn from: their probability is 0.</param>
public sealed unsafe class LinearHead(int width, IReadOnlyList<string> classes, double[] weights, bool[] absent)
{
    private const int Chunk = 64;

    private readonly int panels = LinearRows.Padded(width + 1) / LinearRows.Lanes, classPanels = LinearRows.Padded(classes.Count) / LinearRows.Lanes;

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
                to[(k * width) + d] = (float)weights[At(width, d, k)];
            }
        }

        return to;
    }

    /// <summary>b, rounded to float32; of a class without rows the least number that keeps its probability at 0.</summary>
    public float[] Bias() => [.. Enumerable.Range(0, classes.Count).Select(k => absent[k] ? -1e30f : (float)weights[At(width, width, k)])];

    /// <summary>The weights as they are, in panels.</summary>
    internal double[] Start() => weights;

    /// <summary>Entries of weights in panels.</summary>
    public static int Length(int width, int classes) => checked(LinearRows.Padded(width + 1) * LinearRows.Padded(classes));

    /// <summary>Where the weight of a dimension for a class is; dimension D is the bias.</summary>
    public static int At(int width, int dimension, int label) => (((label / LinearRows.Lanes * LinearRows.Padded(width + 1)) + dimension) * LinearRows.Lanes) + (label % LinearRows.Lanes);

    /// <summary>Probabilities of rows, class by class; NaN throughout where a value of the row is NaN or infinite.</summary>
    /// <param name="rows">Of width D.</param>
    /// <param name="threads">Threads that may work.</param>
    /// <param name="take">Receives row number and probabilities, from any thread.</param>
    public void Predict(VectorBlock rows, int threads, RowTaker take) => Predict(rows, null, threads, take);

    /// <summary>Probabilities of some rows.</summary>
    internal void Predict(VectorBlock rows, int[]? chosen, int threads, RowTaker take)
    {
        long count = chosen?.Length ?? rows.Rows;
        using AlignedMemory copy = new();
        int lanes = LinearRows.Lanes;
        copy.Reserve((nuint)(weights.Length + (classPanels * lanes)) * sizeof(double));
        weights.CopyTo(copy.Span<double>(weights.Length));
        double* w = (double*)copy.Pointer, mask = w + weights.Length;
        for (int k = 0; k < classPanels * lanes; k++)
        {
            mask[k] = k < classes.Count && !absent[k] ? 0 : double.NegativeInfinity;
        }

        Parallel.For(0, (count + Chunk - 1) / Chunk, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new Room(panels, classPanels, classes.Count), (chunk, _, room) =>
        {
            long first = chunk * Chunk;
            int size = (int)Math.Min(Chunk, count - first), step = LinearRows.LogitStep(Chunk);
            VectorBlock from = chosen is null ? rows.Slice(first, size) : rows;
            for (int i = 0; i < size; i++)
            {
                room.Rows[i] = chosen is null ? i : chosen[first + i];
            }

            LinearRows.Pack((float*)from.Pointer, room.Rows.AsSpan(0, size), width, Chunk, room.Packed);
            LinearRows.Logits(room.Packed, Chunk, panels, w, classPanels, room.Logits);
            SoftmaxRows.Probabilities(room.Logits, step, classPanels, size, mask, null, null);
            for (int i = 0; i < size; i++)
            {
                if (IsFinite(from.Row(room.Rows[i])))
                {
                    for (int k = 0; k < classes.Count; k++)
                    {
                        room.Row[k] = room.Logits[((k / lanes) * step) + (i * lanes) + (k % lanes)];
                    }
                }
                else
                {
                    Array.Fill(room.Row, double.NaN);
                }

                take(chosen is null ? first + i : chosen[first + i], room.Row);
            }

            return room;
        }, room => room.Dispose());
    }

    private bool IsFinite(float* x)
    {
        for (int d = 0; d < width; d++)
        {
            if (!float.IsFinite(x[d]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes a row's probabilities.</summary>
    public delegate void RowTaker(long row, ReadOnlySpan<double> probabilities);

    /// <summary>What a thread works in.</summary>
    private sealed class Room : IDisposable
    {
        private readonly AlignedMemory memory = new();

        public Room(int panels, int classPanels, int classes)
        {
            int packed = Chunk * panels * LinearRows.Lanes;
            memory.Reserve((nuint)(packed + (LinearRows.LogitStep(Chunk) * classPanels)) * sizeof(double), clear: false);
            Packed = (double*)memory.Pointer;
            Logits = Packed + packed;
            Row = new double[classes];
        }

        public int[] Rows { get; } = new int[Chunk];

        public double* Packed { get; }

        public double* Logits { get; }

        public double[] Row { get; }

        public void Dispose() => memory.Dispose();
    }
}
