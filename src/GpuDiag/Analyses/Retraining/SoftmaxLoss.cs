using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>
/// The objective of multinomial logistic regression as scikit-learn states it, times 1/C: Σ_i s_i · (−ln p_i,y) + λ/2 · Σ W², λ = 1/C, the
/// bias without a penalty; its gradient, and products with its Hessian. Weights, gradients and directions are panels as in <see cref="LinearRows"/>.
/// </summary>
internal sealed class SoftmaxLoss : IDisposable
{
    private readonly RowSweep sweep;

    /// <param name="rows">Finite values only.</param>
    /// <param name="chosen">The rows that count, in their order.</param>
    /// <param name="labels">Class of every row, from 0.</param>
    /// <param name="sampleWeights">s of every row, above 0.</param>
    /// <param name="classes">C.</param>
    /// <param name="threads">Threads that may work.</param>
    /// <param name="room">Bytes for what may be kept from pass to pass.</param>
    /// <param name="exactBelow">Multiplications of a product with the Hessian below which all products are in double.</param>
    public SoftmaxLoss(VectorBlock rows, int[] chosen, int[] labels, double[] sampleWeights, int classes, int threads, long room, double exactBelow = double.PositiveInfinity)
    {
        Present = new bool[classes];
        foreach (int row in chosen)
        {
            Present[labels[row]] = true;
        }

        sweep = new RowSweep(rows, chosen, labels, sampleWeights, Present, threads, room, exactBelow);
    }

    /// <summary>Entries of weights, gradients and directions.</summary>
    public int Length => sweep.Length;

    /// <summary>Classes that the rows have.</summary>
    public bool[] Present { get; }

    /// <summary>Σ s.</summary>
    public double Mass => sweep.Mass;

    /// <summary>The least s.</summary>
    public double LeastWeight => sweep.LeastWeight;

    /// <summary>The value where all weights are 0, rounded up.</summary>
    public double AtZero => Mass * Deterministic.Log(Present.Count(p => p)) * (1 + 1e-6);

    /// <summary>The passes over the rows.</summary>
    public RowSweep Sweep => sweep;

    /// <summary>The value at some weights; the gradient goes to <paramref name="gradient"/>.</summary>
    /// <param name="weights">Where.</param>
    /// <param name="lambda">1 / C.</param>
    /// <param name="gradient">Receives it.</param>
    /// <param name="near">By products in float32: the value to about 1e-7 of itself.</param>
    public double Evaluate(double[] weights, double lambda, double[] gradient, bool near = false)
    {
        double loss = near ? sweep.NearGradient(weights, gradient) : sweep.Gradient(weights, gradient);
        return loss + (lambda / 2 * Penalize(weights, lambda, gradient));
    }

    /// <summary>The Hessian at the weights of the last evaluation times a direction; about, unless <see cref="RowSweep.Exact"/>.</summary>
    public void Product(double[] direction, double lambda, double[] product)
    {
        sweep.Product(direction, product);
        Penalize(direction, lambda, product);
    }

    public void Dispose() => sweep.Dispose();

    /// <summary>Adds λ · w to <paramref name="to"/> and gives Σ w², both without the bias.</summary>
    private double Penalize(double[] weights, double lambda, double[] to)
    {
        double squares = 0;
        int panel = sweep.Panels * LinearRows.Lanes * LinearRows.Lanes, part = sweep.Width * LinearRows.Lanes;
        for (int at = 0; at < Length; at += panel)
        {
            Span<double> w = weights.AsSpan(at, part);
            squares += DoubleVector.Dot(w, w);
            DoubleVector.AddScaled(to.AsSpan(at, part), lambda, w);
        }

        return squares;
    }
}
