namespace GpuDiag.Engine.Heads;

/// <summary>
/// The loss of a linear head on some rows, Σ s · (−ln p_y) with p = softmax(W x + b), and its gradient. One evaluation at a time.
/// </summary>
public interface IHeadGradient : IDisposable
{
    /// <summary>Entries of weights and gradients, laid out as in <see cref="Kernels.Algebra.LinearRows"/>.</summary>
    int Length { get; }

    /// <summary>Fills <paramref name="gradient"/> and gives the loss.</summary>
    double Evaluate(double[] weights, double[] gradient);
}
