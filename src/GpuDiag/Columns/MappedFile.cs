using System.IO.MemoryMappedFiles;
using GpuDiag.Columns.Remote;

namespace GpuDiag.Columns;

/// <summary>
/// A file mapped read-only in one piece, of any size; every access is checked against its length. Of a remote file the place where fetched bytes
/// are kept is mapped, and what is asked for is fetched first.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* pointer;
    private readonly RemoteLease? remote;

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
        Length = file.Length;
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

        remote?.File.Keep(offset, length);
    }
}
