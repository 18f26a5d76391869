using GpuDiag.Analyses.Causes;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Gallery;

/// <summary>A mispredicted row, and the causes that it shows evidence of; null where they are not known.</summary>
internal readonly record struct ChosenError(TopRow Row, EvidenceBits? Evidence)
{
    /// <summary>The greater loss first, then the greater confidence, then the lower row; NaN after all numbers.</summary>
    public static int WorstFirst(ChosenError a, ChosenError b)
    {
        int order = Number(b.Row.Loss).CompareTo(Number(a.Row.Loss));
        order = order == 0 ? Number(b.Row.Confidence).CompareTo(Number(a.Row.Confidence)) : order;
        return order == 0 ? a.Row.Row.CompareTo(b.Row.Row) : order;
    }

    private static double Number(double value) => double.IsNaN(value) ? double.NegativeInfinity : value;
}
