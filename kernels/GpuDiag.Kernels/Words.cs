using System.Runtime.InteropServices;

namespace GpuDiag.Kernels;

/// <summary>Sixteen bytes that a device loads in one 128-bit transaction. The memory must be aligned to 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Words
{
    /// <summary>Bytes in one load.</summary>
    public const int Size = 16;

    public uint X, Y, Z, W;

    /// <summary>The 32-bit word at a position 0 … 3.</summary>
    public readonly uint At(int position) => position == 0 ? X : position == 1 ? Y : position == 2 ? Z : W;

    /// <summary>Loads needed for <paramref name="bytes"/>.</summary>
    public static long Count(long bytes) => (bytes + Size - 1) / Size;
}
