using System.Runtime.CompilerServices;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// The entropy of one row in nats, −Σ_k p_k·ln p_k in the order of <see cref="RowSum"/>; a column with p ≤ 0 adds nothing.
/// </summary>
public readonly struct Entropy : IRowTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Add<T>(T sum, T p, T target)
        where T : struct, ILanes<T>
    {
        var opposite = T.Sub(T.Of(0.0), p);
        return T.IfLess(opposite, T.Of(0.0), T.Fma(opposite, Elementary.Log(p), sum), sum);
    }
}
