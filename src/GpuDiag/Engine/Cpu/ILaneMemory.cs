using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// Moves column values between memory and <see cref="ILanes{TSelf}"/>, so that one loop serves every register width.
/// Pointers are to the first of <see cref="Count"/> consecutive values; all of them must be readable.
/// </summary>
internal unsafe interface ILaneMemory<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Lanes: 1, 4 or 8.</summary>
    static abstract int Count { get; }

    /// <summary>Unsigned codes of 1, 2 or 4 bytes, as doubles.</summary>
    static abstract TLanes Codes(byte* at, int width);

    static abstract TLanes Floats(float* at);

    static abstract TLanes Doubles(double* at);

    static abstract void Store(TLanes value, double* at);

    /// <summary>Whole numbers that an int holds.</summary>
    static abstract void Store(TLanes value, int* at);
}
