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
    public void Reserve(nuint bytes)
    {
        if (bytes <= Bytes && pointer != null)
        {
            return;
        }

        NativeMemory.AlignedFree(pointer);
        pointer = null;
        pointer = NativeMemory.AlignedAlloc(bytes + Padding, 64);
        NativeMemory.Clear(pointer, bytes + Padding);
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
