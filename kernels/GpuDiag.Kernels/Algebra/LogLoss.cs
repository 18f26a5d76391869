using System.Runtime.CompilerServices;

namespace GpuDiag.Kernels.Algebra;

/// <summary>The logarithmic loss of one row, −ln(clip(p_label, 2^−52, 1)): from 0 to 36.05.</summary>
public static class LogLoss
{
    private const double Smallest = 2.220446049250313E-16;

    /// <summary>The loss of a row whose label has probability p; p must be a number. Compiles on every ILGPU backend.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of(double p) => Deterministic.Sub(0.0, LogClipped(new Lanes1(p)).Value);

    /// <summary>ln(clip(p, 2^−52, 1)): the logit that <see cref="Temper"/> scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LogClipped<T>(T p)
        where T : struct, ILanes<T>
    {
        var raised = T.IfLess(p, T.Of(Smallest), T.Of(Smallest), p);
        return Elementary.Log(T.IfLess(raised, T.Of(1.0), raised, T.Of(1.0)));
    }
}
