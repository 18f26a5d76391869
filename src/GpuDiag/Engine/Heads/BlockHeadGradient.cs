using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Heads;

/// <summary>The gradient on the host, by all threads.</summary>
internal sealed unsafe class BlockHeadGradient : IHeadGradient
{
    private readonly BlockSums<double, DoubleProducts> sums;
    private readonly AlignedMemory numbers = new(), at = new();
    private readonly double* sampleWeights, losses, mask;
    private readonly int* labels;
    private readonly int rows;

    public BlockHeadGradient(HeadPlan plan)
    {
        rows = checked((int)plan.Rows.Rows);
        sums = new(plan.Rows, [.. Enumerable.Range(0, rows)], plan.Present.Count, plan.Threads);
        int padded = sums.Subs * sums.Size, classes = sums.ClassPanels * LinearRows.Lanes;
        numbers.Reserve(((nuint)((2L * padded) + classes) * sizeof(double)) + ((nuint)padded * sizeof(int)));
        sampleWeights = (double*)numbers.Pointer;
        losses = sampleWeights + padded;
        mask = losses + padded;
        labels = (int*)(mask + classes);
        for (int i = 0; i < rows; i++)
        {
            (labels[i], sampleWeights[i]) = (plan.Labels[i], plan.SampleWeights[i]);
        }

        for (int k = 0; k < classes; k++)
        {
            mask[k] = k < plan.Present.Count && plan.Present[k] ? 0 : double.NegativeInfinity;
        }

        at.Reserve((nuint)Length * sizeof(double));
    }

    public int Length => sums.Length;

    public double Evaluate(double[] weights, double[] gradient)
    {
        weights.CopyTo(at.Span<double>(Length));
        sums.Pass(
            (sub, x, z, _) =>
            {
                long first = (long)sub * sums.Size;
                LinearRows.Logits(x, sums.Size, sums.Panels, (double*)at.Pointer, sums.ClassPanels, z);
                SoftmaxRows.Probabilities(z, sums.LogitStep, sums.ClassPanels, sums.Size, mask, labels + first, losses + first);
                SoftmaxRows.Residuals(z, sums.LogitStep, sums.ClassPanels, sums.Size, labels + first, sampleWeights + first);
            },
            gradient);
        return HeadLoss.Sum(sampleWeights, losses, rows);
    }

    public void Dispose()
    {
        sums.Dispose();
        numbers.Dispose();
        at.Dispose();
    }
}
