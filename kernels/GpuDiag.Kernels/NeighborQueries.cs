using System.Runtime.InteropServices;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>What is known of each query.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct NeighborQueries
{
    /// <summary>At least k rows were seen whose true score is at least this; −∞ while there are fewer.</summary>
    public ArrayView<float> Thresholds;

    /// <summary>
    /// A score has to exceed this: a true score that reaches the threshold does. +∞ = the query takes no more candidates.
    /// </summary>
    public ArrayView<float> Floors, TensorFloors;

    /// <summary>How far a true score may lie from the score, as long as the base row has no part in it.</summary>
    public ArrayView<float> Slacks, TensorSlacks;

    /// <summary>The row in the lists that is the query itself and no neighbour; −1 where there is none.</summary>
    public ArrayView<int> Self;
}
