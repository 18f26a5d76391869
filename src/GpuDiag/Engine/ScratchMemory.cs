using System.IO.MemoryMappedFiles;
using GpuDiag.Columns;

namespace GpuDiag.Engine;

/// <summary>
/// Zeros to write to from any thread, at any place: in memory, or where they would be too many, in a mapped file without a
/// name, which is gone however the process ends.
/// </summary>
internal sealed unsafe class ScratchMemory : IDisposable
{
    private const int NoSpaceOnUnix = 28, NoSpaceOnWindows = 0x70;

    private readonly AlignedMemory memory = new();
    private readonly FileStream? file;
    private readonly MemoryMappedFile? map;
    private readonly MemoryMappedViewAccessor? view;

    /// <param name="bytes">How many.</param>
    /// <param name="most">Bytes up to which they are in memory.</param>
    /// <param name="folder">For the file.</param>
    /// <exception cref="InputException">The folder takes no file of this size.</exception>
    public ScratchMemory(long bytes, long most, string folder)
    {
        if (bytes <= most)
        {
            memory.Reserve((nuint)bytes);
            Pointer = memory.Pointer;
            return;
        }

        try
        {
            string path = Path.Combine(folder, $".scratch.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp");
            file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.DeleteOnClose,
                PreallocationSize = bytes,
            });
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path);
            }

            file.SetLength(bytes);
            map = MemoryMappedFile.CreateFromFile(file, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, true);
            view = map.CreateViewAccessor(0, bytes);
            byte* start = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            Pointer = (nint)(start + view.PointerOffset);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Dispose();
            bool full = (fault.HResult & 0xFFFF) is NoSpaceOnUnix or NoSpaceOnWindows;
            string size = $"{(bytes + (1 << 20) - 1) >> 20} MB";
            throw new InputException(
                full ? $"there is no space for {size} of rows that do not fit into memory" : $"{size} of rows that do not fit into memory cannot be written here: {fault.Message}",
                folder,
                null,
                "Give an output folder on a larger disk with --out, or more memory with --memory.",
                fault);
        }
    }

    public nint Pointer { get; private set; }

    public void Dispose()
    {
        if (Pointer != 0)
        {
            view?.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        Pointer = 0;
        view?.Dispose();
        map?.Dispose();
        file?.Dispose();
        memory.Dispose();
    }
}
