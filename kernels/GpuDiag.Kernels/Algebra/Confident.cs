using System.Runtime.CompilerServices;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Confident learning's words on one row (Northcutt, Jiang, Chuang 2021), with the tolerances of the reference
/// implementation. Comparisons and one addition, so any way of computing it gives the same. Compiles on every ILGPU backend.
/// </summary>
public static class Confident
{
    /// <summary>A row is confidently of a class from this much below the class's threshold on.</summary>
    public const double Slack = 1e-6;

    /// <summary>The smallest threshold of a class.</summary>
    public const double LeastThreshold = 2 * Slack;

    /// <summary>A row that is confidently of no class.</summary>
    public const int None = -1;

    /// <summary>The class that a row is confidently of.</summary>
    /// <param name="count">Classes whose threshold it reaches.</param>
    /// <param name="only">That class, where there is one.</param>
    /// <param name="argMax">Of several, the one of the largest probability of all.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Guess(int count, int only, int argMax) => count == 0 ? None : count == 1 ? only : argMax;

    /// <summary>
    /// Whether another class than the label is still the arg max when the label's probability is raised by
    /// <see cref="Slack"/>; probabilities are taken into [0, 1].
    /// </summary>
    /// <param name="own">Probability of the label.</param>
    /// <param name="top">The largest probability.</param>
    /// <param name="best">Its class, the lowest on ties.</param>
    /// <param name="label">The label's class.</param>
    public static bool IsDisputed(double own, double top, int best, int label)
    {
        double raised = Deterministic.Add(Clip(own), Slack);
        double largest = Clip(top);
        return best != label && (largest > raised || (largest == raised && best < label));
    }

    /// <summary>A valid probability taken into [0, 1]: rounding may have left it a little outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Clip(double p)
    {
        double raised = p > 0.0 ? p : 0.0;
        return raised < 1.0 ? raised : 1.0;
    }
}
