using System.Runtime.InteropServices;

namespace GpuDiag.Tests.Laws;

/// <summary>Memory that ends at an unreadable page, so that reading past it faults.</summary>
internal sealed unsafe partial class GuardedPage : IDisposable
{
    private const int PageBytes = 4096;
    private readonly nint start;
    private readonly int bytes, mapped;

    public GuardedPage(int bytes)
    {
        this.bytes = bytes;
        mapped = ((bytes + PageBytes - 1) / PageBytes * PageBytes) + PageBytes;
        start = Map(0, mapped, 3, 0x22, -1, 0);
        Assert.NotEqual(-1, start);
        Assert.Equal(0, Protect(start + mapped - PageBytes, PageBytes, 0));
    }

    public nint Pointer => start + mapped - PageBytes - bytes;

    public Span<T> Span<T>()
        where T : unmanaged => new((void*)Pointer, bytes / sizeof(T));

    public void Dispose() => Assert.Equal(0, Unmap(start, mapped));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint at, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint at, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint at, nint length);
}
