using GpuDiag.Columns;

namespace GpuDiag.Engine.Vectors;

/// <summary>
/// Vectors in a file without a name: it is unlinked when it is made (on Windows, deleted when it is closed), so it
/// is gone however the process ends. Written by position, from any thread, then mapped.
/// </summary>
internal sealed class VectorScratch : IDisposable
{
    private const int NoSpaceOnUnix = 28;
    private const int NoSpaceOnWindows = 0x70;

    private readonly string folder;
    private readonly FileStream file;
    private MappedFile? map;

    /// <exception cref="InputException">The folder takes no file of this size.</exception>
    internal VectorScratch(string folder, long bytes)
    {
        this.folder = folder;
        Bytes = bytes;
        string path = Path.Combine(folder, $".vectors.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp");
        file = Guarded(() => new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.DeleteOnClose,
            PreallocationSize = bytes,
        }));
        try
        {
            Guarded(() =>
            {
                if (!OperatingSystem.IsWindows())
                {
                    File.Delete(path);
                }

                file.SetLength(bytes);
                return true;
            });
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal long Bytes { get; }

    internal void Write(long position, ReadOnlySpan<byte> values)
    {
        try
        {
            RandomAccess.Write(file.SafeFileHandle, values, position);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Refuse(fault);
        }
    }

    /// <summary>The file in memory, when all is written; valid until this is disposed.</summary>
    internal nint Map()
    {
        map = Guarded(() => new MappedFile(file));
        return map.Address(0, Bytes);
    }

    public void Dispose()
    {
        map?.Dispose();
        file.Dispose();
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Refuse(fault);
        }
    }

    private InputException Refuse(Exception fault)
    {
        bool full = (fault.HResult & 0xFFFF) is NoSpaceOnUnix or NoSpaceOnWindows;
        string size = $"{(Bytes + (1 << 20) - 1) >> 20} MB";
        return new InputException(
            full ? $"there is no space for the {size} of vectors that do not fit into memory" : $"the {size} of vectors that do not fit into memory cannot be written here: {fault.Message}",
            folder,
            null,
            "Give a folder on a larger disk with --scratch, or more memory with --memory.",
            fault);
    }
}
