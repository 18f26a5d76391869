using GpuDiag.Columns;
using GpuDiag.Engine.Heads;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>Second moments of some rows, each weighted by how undecided the classes are about it: q_ik = s_i · p_ik (1 − p_ik).</summary>
internal sealed unsafe class SpreadSample : IDisposable
{
    private readonly VectorBlock rows;
    private readonly int[] chosen;
    private readonly int threads;
    private readonly AlignedMemory numbers = new();
    private readonly BlockSums<double, DoubleProducts> sums;

    /// <param name="rows">Finite values only.</param>
    /// <param name="chosen">The rows that count.</param>
    /// <param name="sampleWeights">s of these.</param>
    /// <param name="classes">C.</param>
    /// <param name="weights">Where p is.</param>
    /// <param name="mask">As <see cref="SoftmaxRows.Probabilities"/> takes it.</param>
    /// <param name="threads">Threads that may work.</param>
    public SpreadSample(VectorBlock rows, int[] chosen, double[] sampleWeights, int classes, double* weights, double* mask, int threads)
    {
        (this.rows, this.chosen, this.threads) = (rows, chosen, threads);
        sums = new(rows, chosen, classes, threads);
        int padded = sums.Subs * sums.Size;
        numbers.Reserve((nuint)padded * 2 * sizeof(double));
        double* s = (double*)numbers.Pointer;
        sampleWeights.CopyTo(numbers.Span<double>(padded));
        ClassSums = new double[sums.Length];
        sums.Pass(
            (sub, x, z, _) =>
            {
                long first = (long)sub * sums.Size;
                DoubleProducts.Logits(x, sums.Size, sums.Panels, weights, sums.ClassPanels, z);
                SoftmaxRows.Probabilities(z, sums.LogitStep, sums.ClassPanels, sums.Size, mask, null, null);
                SoftmaxRows.Spreads(z, sums.LogitStep, sums.ClassPanels, sums.Size, s + first, s + padded + first);
            },
            ClassSums);
    }

    /// <summary>Σ q_ik x_i of each class; laid out as weights are, Σ q_ik at the bias.</summary>
    public double[] ClassSums { get; }

    /// <summary>Σ_ik q_ik x_i x_iᵀ: rows of panels · 8 values.</summary>
    public void Gram(double* to)
    {
        int size = sums.Size, panels = sums.Panels, side = panels * LinearRows.Lanes, length = size * side;
        using AlignedMemory memory = new();
        memory.Reserve((nuint)((2L * length) + ((long)side * side)) * sizeof(double));
        double* x = (double*)memory.Pointer, scaled = x + length, sum = scaled + length, spreads = (double*)numbers.Pointer + (sums.Subs * size);
        for (int first = 0; first < chosen.Length; first += size)
        {
            int here = Math.Min(size, chosen.Length - first), start = first;
            LinearRows.Pack((float*)rows.Pointer, chosen.AsSpan(first, here), rows.Width, size, x);
            new Span<double>(x, length).CopyTo(new Span<double>(scaled, length));
            for (int p = 0; p < panels; p++)
            {
                for (int i = 0; i < here; i++)
                {
                    DoubleVector.Scale(new Span<double>(scaled + (((p * size) + i) * LinearRows.Lanes), LinearRows.Lanes), spreads[start + i]);
                }
            }

            const int Piece = 3;
            Sharing.Run(threads, (panels + Piece - 1) / Piece, piece => LinearRows.AddGradient(
                x, size, panels, scaled, size * LinearRows.Lanes, sum, (0, piece * Piece), (panels, Math.Min(panels, (piece + 1) * Piece))));
        }

        for (int p = 0; p < panels; p++)
        {
            for (int d = 0; d < side; d++)
            {
                new Span<double>(sum + ((((long)p * side) + d) * LinearRows.Lanes), LinearRows.Lanes).CopyTo(new Span<double>(to + ((long)d * side) + (p * LinearRows.Lanes), LinearRows.Lanes));
            }
        }
    }

    public void Dispose()
    {
        numbers.Dispose();
        sums.Dispose();
    }
}
