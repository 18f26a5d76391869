using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GpuDiag.Columns.Remote;

/// <summary>
/// One file without a name in the temporary folder, in which all open remote files have their place. What was not fetched takes no room: the
/// file has holes. Its bytes are limited; what finds no room is read past it.
/// </summary>
internal sealed partial class RemoteScratch : IDisposable
{
    /// <summary>How many bytes it may take, as <c>20G</c>; by default half of what is free on the temporary folder's disk.</summary>
    internal const string Variable = "GPUDIAG_REMOTE_SPACE";

    /// <summary>Regions begin at multiples of it, as mapping asks for on all systems.</summary>
    private const long Alignment = 64 << 10;

    private const uint SetSparse = 0x900C4;

    private readonly FileStream file;
    private readonly long most;
    private long used;
    private long end;

    internal RemoteScratch()
    {
        string folder = Path.GetTempPath();
        string path = Path.Combine(folder, $".gpudiag.remote.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp");
        try
        {
            FileStreamOptions options = new()
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.DeleteOnClose,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            file = new FileStream(path, options);
            if (OperatingSystem.IsWindows())
            {
                _ = DeviceIoControl(file.SafeFileHandle, SetSparse, 0, 0, 0, 0, out _, 0);
            }
            else
            {
                File.Delete(path);
            }

            most = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? Size(text) : new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace / 2;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new InputException($"what is fetched can't be kept here: {fault.Message}", folder, remedy: "Name another temporary folder with TMPDIR.", inner: fault);
        }
    }

    internal SafeFileHandle Handle => file.SafeFileHandle;

    /// <summary>Bytes that may still be taken.</summary>
    internal long Room => Math.Max(0, most - Interlocked.Read(ref used));

    /// <summary>A place for a file; takes no room yet.</summary>
    internal long Reserve(long bytes)
    {
        lock (file)
        {
            long start = end;
            end = checked(start + bytes + Alignment - 1) / Alignment * Alignment;
            file.SetLength(end);
            return start;
        }
    }

    internal void Take(long bytes) => Interlocked.Add(ref used, bytes);

    public void Dispose() => file.Dispose();

    private static long Size(string text)
    {
        int unit = "KMGT".IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal);
        return long.TryParse(unit < 0 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count <= long.MaxValue >> 40
            ? count << (10 * (unit + 1))
            : throw new InputException($"{Variable} is no size: '{text}'", remedy: "Give bytes, or a number with K, M, G or T, such as 20G.");
    }

    [LibraryImport("kernel32", EntryPoint = "DeviceIoControl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool DeviceIoControl(SafeFileHandle file, uint code, nint from, uint fromBytes, nint to, uint toBytes, out uint got, nint overlapped);
}
