using System.Runtime.CompilerServices;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// The Brier score of one row, Σ_k (p_k − [k = label])², each square added by one fused multiply-add in the order of
/// <see cref="RowSum"/>. Between 0 and 2 where the row sums to 1. A label of −1 stands for no column.
/// </summary>
public readonly struct Brier : IRowTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Add<T>(T sum, T p, T target)
        where T : struct, ILanes<T>
    {
        var distance = T.Sub(p, target);
        return T.Fma(distance, distance, sum);
    }
}
