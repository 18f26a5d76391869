using System.IO.MemoryMappedFiles;
using GpuDiag.Columns.Remote;

namespace GpuDiag.Columns;

/// <summary>
/// A file mapped read-only in one piece, of any size; every access is checked against its length. Of a remote file the place where fetched bytes
/// are kept is mapped, and what is asked for is fetched first. Memory of a file that was cut shorter is no more there, and touching it ends the process: so a
/// file's length is looked at whenever a range is asked for, and with each batch that is read from one (<see cref="EnsureWhole"/>).
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* pointer;
    private readonly RemoteLease? remote;
    private readonly FileStream? local;

    private MappedFile(RemoteLease lease)
    {
        remote = lease;
        Length = lease.Length;
        if (Length == 0)
        {
            throw Empty(lease.File.Name);
        }

        (RemoteScratch scratch, long start) = lease.File.Place;
        map = MemoryMappedFile.CreateFromFile(scratch.Handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        view = map.CreateViewAccessor(start, Length, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        pointer += view.PointerOffset;
    }

    /// <summary>Takes the stream over.</summary>
    internal MappedFile(FileStream file)
    {
        (local, Length) = (file, file.Length);
        if (Length == 0)
        {
            file.Dispose();
            throw Empty(file.Name);
        }

        map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = map.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
    }

    internal long Length { get; }

    internal static MappedFile Open(string path)
    {
        if (!RemoteName.Is(path))
        {
            return new MappedFile(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));
        }

        RemoteLease lease = new(path);
        try
        {
            return new MappedFile(lease);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <exception cref="InvalidDataException">The range is not within the file.</exception>
    internal ReadOnlySpan<byte> Span(long offset, long length)
    {
        Check(offset, length);
        return length <= int.MaxValue
            ? new ReadOnlySpan<byte>(pointer + offset, (int)length)
            : throw new InvalidDataException($"a piece of {length} bytes is larger than 2 GiB");
    }

    /// <summary>The address of a range, for what is handed on without copying.</summary>
    internal nint Address(long offset, long length)
    {
        Check(offset, length);
        return (nint)(pointer + offset);
    }

    /// <exception cref="InputException">The file has become shorter since it was mapped.</exception>
    internal void EnsureWhole()
    {
        if (local is not null && RandomAccess.GetLength(local.SafeFileHandle) < Length)
        {
            throw new InputException(
                "the file was cut shorter while it was read",
                local.Name,
                remedy: "Run again when it is written; earlier results are as they were. Write new data beside the old, then rename it.");
        }
    }

    public void Dispose()
    {
        if (pointer != null)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        view.Dispose();
        map.Dispose();
        remote?.Dispose();
    }

    private static InputException Empty(string path) => new("the file is empty", path, null, "Write it again, or leave it out.");

    private void Check(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length || length > Length - offset)
        {
            throw new InvalidDataException($"bytes {offset} to {(decimal)offset + length} are asked for, but the file has {Length}");
        }

        EnsureWhole();
        remote?.File.Keep(offset, length);
    }
}
