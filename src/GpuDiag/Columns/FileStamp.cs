using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GpuDiag.Columns;

/// <summary>
/// What tells one content of a file from another without reading it: its size, when it was last written, and on Linux
/// which file it is, so that one put in its place with the same size and time is told too.
/// </summary>
/// <param name="Inode">0 where it can't be told.</param>
internal readonly partial record struct FileStamp(long Size, long Modified, ulong Device, ulong Inode)
{
    private const int CurrentFolder = -100, EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;

    /// <summary>As the path leads now; default where there is no such file.</summary>
    public static FileStamp Of(string path)
    {
        if (OperatingSystem.IsLinux() && Statx(CurrentFolder, path, 0) is { } stamp)
        {
            return stamp;
        }

        FileInfo info = new(path);
        return info.Exists ? new FileStamp(info.Length, info.LastWriteTimeUtc.Ticks, 0, 0) : default;
    }

    /// <summary>Whether the path still leads to the open file. True where that can't be told.</summary>
    public static bool Leads(string path, SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux() || Statx((int)handle.DangerousGetHandle(), "", EmptyPath) is not { } open)
        {
            return true;
        }

        FileStamp there = Of(path);
        return (there.Device, there.Inode) == (open.Device, open.Inode);
    }

    private static unsafe FileStamp? Statx(int folder, string path, int flags)
    {
        // struct statx is the same on every architecture: 256 bytes.
        byte* buffer = stackalloc byte[256];
        try
        {
            if (Native(folder, path, flags, BasicStats, buffer) != 0)
            {
                return null;
            }
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }

        long seconds = *(long*)(buffer + 112);
        uint nanoseconds = *(uint*)(buffer + 120);
        ulong device = ((ulong)*(uint*)(buffer + 136) << 32) | *(uint*)(buffer + 140);
        return new FileStamp(*(long*)(buffer + 40), unchecked((seconds * 1_000_000_000) + nanoseconds), device, *(ulong*)(buffer + 32));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Native(int folder, string path, int flags, uint mask, byte* buffer);
}
