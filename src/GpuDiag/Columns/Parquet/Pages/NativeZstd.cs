using System.Runtime.InteropServices;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// The zstd library itself: package ZstdNet brings it for Linux (glibc 2.34 or later), macOS and Windows. Its C interface
/// is called directly, because that package's own classes change the process's search path for libraries on Windows.
/// </summary>
internal sealed unsafe partial class NativeZstd : IZstd
{
    private const string Library = "libzstd";
    private nint context;

    private NativeZstd(nint context) => this.context = context;

    ~NativeZstd() => Free();

    /// <summary>Null where the library cannot be loaded.</summary>
    public static NativeZstd? TryOpen()
    {
        try
        {
            nint context = CreateContext();
            return context != 0 ? new NativeZstd(context) : throw new InsufficientMemoryException("no memory for decompression");
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return null;
        }
    }

    public int Decompress(ReadOnlySpan<byte> stored, Span<byte> page)
    {
        ObjectDisposedException.ThrowIf(context == 0, this);
        fixed (byte* from = stored, to = page)
        {
            nuint written = Decompress(context, to, (nuint)page.Length, from, (nuint)stored.Length);
            return IsError(written) == 0
                ? (int)written
                : throw new InvalidDataException("a page does not decompress: " + Marshal.PtrToStringUTF8(ErrorName(written)));
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_createDCtx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial nint CreateContext();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDCtx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial nuint FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressDCtx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial nuint Decompress(nint context, byte* to, nuint room, byte* from, nuint length);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial uint IsError(nuint code);

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorName")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial nint ErrorName(nuint code);

    private void Free()
    {
        if (context != 0)
        {
            _ = FreeContext(context);
            context = 0;
        }
    }
}
