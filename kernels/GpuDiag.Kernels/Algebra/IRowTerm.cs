namespace GpuDiag.Kernels.Algebra;

/// <summary>What one column adds to a sum over a row.</summary>
public interface IRowTerm
{
    /// <summary>sum plus the term of probability p; target is 1 in the label's column and 0 elsewhere.</summary>
    static abstract T Add<T>(T sum, T p, T target)
        where T : struct, ILanes<T>;
}
