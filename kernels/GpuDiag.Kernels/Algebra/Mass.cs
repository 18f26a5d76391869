using System.Runtime.CompilerServices;

namespace GpuDiag.Kernels.Algebra;

/// <summary>The sum of a row's probabilities, in the order of <see cref="RowSum"/>. Is 1 where a model did its softmax.</summary>
public readonly struct Mass : IRowTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Add<T>(T sum, T p, T target)
        where T : struct, ILanes<T> => T.Add(sum, p);
}
