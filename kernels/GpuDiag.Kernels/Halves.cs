using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// A sum of signed 64-bit values in two 64-bit totals, of the low 32 bits and of the rest, since a device has no 128-bit
/// atomics. Room for 2³² values; <see cref="Algebra.FixedSum.FromHalves"/> puts them together.
/// </summary>
public static class Halves
{
    public static void Add(ArrayView<ulong> totals, long at, long value)
    {
        Atomic.Add(ref totals[at], (ulong)value & 0xFFFF_FFFF);
        Atomic.Add(ref totals[at + 1], (ulong)(value >> 32));
    }
}
