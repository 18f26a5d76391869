using System.Runtime.InteropServices;

namespace GpuDiag.Kernels;

/// <summary>A true score may lie lower than a score minus its query's slack by this much of the row's |shift|.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct NeighborErrors
{
    public float Single, Tensor;
}
