using System.Runtime.InteropServices;

namespace GpuDiag.Columns;

/// <summary>
/// Native memory aligned to 64 bytes, with 64 readable and writable bytes past the end, so that vector code may
/// overrun its tail. Grows, never shrinks; contents are lost when it grows.
/// </summary>
public sealed unsafe class AlignedMemory : IDisposable
{
    private const int Alignment = 64, Padding = 64;
    private void* block;
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

        Free();
        nuint room = bytes + Padding + Alignment;

        // The system's own zeros: large memory is not touched before it is used, by the thread that uses it.
        block = clear ? NativeMemory.AllocZeroed(room) : NativeMemory.Alloc(room);
        pointer = (void*)(((nuint)block + Alignment - 1) & ~(nuint)(Alignment - 1));
        if (!clear)
        {
            NativeMemory.Clear((byte*)pointer + bytes, Padding);
        }

        Bytes = bytes;
    }

    public Span<T> Span<T>(int count)
        where T : unmanaged => new(pointer, count);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(block);
        block = pointer = null;
        Bytes = 0;
    }

    ~AlignedMemory() => NativeMemory.Free(block);
}
