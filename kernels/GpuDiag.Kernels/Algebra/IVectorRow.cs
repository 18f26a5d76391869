using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>A row that a CPU reads eight columns at a time. Host only.</summary>
public interface IVectorRow : IRow
{
    /// <summary>Columns k to k + 7.</summary>
    Vector512<double> Load(int k);

    /// <summary>Columns k to k + count − 1, 1 ≤ count ≤ 7, then zeros; reads no memory after them.</summary>
    Vector512<double> LoadTail(int k, int count);
}
