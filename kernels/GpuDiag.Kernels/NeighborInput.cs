using System.Runtime.InteropServices;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>A piece of the base on a device, and the queries that search it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct NeighborInput
{
    /// <summary>Rows of float32, padded with zeros to whole words of a multiple of eight floats.</summary>
    public ArrayView<Words> Queries, Rows;

    /// <summary>
    /// One per base row: score = dot product + shift. Of the two, one belongs to float32 dot products and one to those of
    /// tensor cores, whose error is larger. The rows that pad the last tile have shift −∞.
    /// </summary>
    public ArrayView<float> Shifts, TensorShifts;

    /// <summary>The queries that search, in any order.</summary>
    public ArrayView<int> Active;

    public int ActiveCount, WordsPerRow;

    /// <summary>Number of the piece's first row in the lists.</summary>
    public int FirstRow;
}
