using System.IO.MemoryMappedFiles;

namespace GpuDiag.Columns;

/// <summary>A file mapped read-only in one piece, of any size; every access is checked against its length.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* pointer;

    internal MappedFile(string path)
        : this(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read))
    {
    }

    /// <summary>Takes the stream over.</summary>
    internal MappedFile(FileStream file)
    {
        Length = file.Length;
        if (Length == 0)
        {
            file.Dispose();
            throw new InputException("the file is empty", file.Name, null, "Write it again, or leave it out.");
        }

        map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = map.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
    }

    internal long Length { get; }

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
    }

    private void Check(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length || length > Length - offset)
        {
            throw new InvalidDataException($"bytes {offset} to {(decimal)offset + length} are asked for, but the file has {Length}");
        }
    }
}
