using System.Runtime.InteropServices;

namespace GpuDiag.Columns;

/// <summary>
/// Native memory aligned to 64 bytes, with 64 readable and writable bytes past the end, so that vector code may
/// overrun its tail. Grows, never shrinks; contents are lost when it grows.
/// </summary>
public sealed unsafe class AlignedMemory : IDisposable
{
    private const int Padding = 64;
    private void* pointer;

    public nuint Bytes { get; private set; }

    public nint Pointer => (nint)pointer;

    /// <summary>Makes room for at least <paramref name="bytes"/>.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="clear">New memory is zeros. Without it only the bytes past the end are, and memory is touched when it is written.</param>
    public void Reserve(nuint bytes, bool clear = true)
    {
        if (bytes <= Bytes && pointer != null)
        {
            return;
        }

        NativeMemory.AlignedFree(pointer);
        pointer = null;
        pointer = NativeMemory.AlignedAlloc(bytes + Padding, 64);
        NativeMemory.Clear((byte*)pointer + (clear ? 0 : bytes), (clear ? bytes : 0) + Padding);
        Bytes = bytes;
    }

    public Span<T> Span<T>(int count)
        where T : unmanaged => new(pointer, count);

    public void Dispose()
    {
        NativeMemory.AlignedFree(pointer);
        pointer = null;
        Bytes = 0;
        GC.SuppressFinalize(this);
    }

    ~AlignedMemory() => NativeMemory.AlignedFree(pointer);
}
