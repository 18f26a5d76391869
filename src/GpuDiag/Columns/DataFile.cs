using GpuDiag.Columns.Remote;

namespace GpuDiag.Columns;

/// <summary>A file of a <see cref="Dataset"/>.</summary>
/// <param name="Path">As the user gave it, or as its pattern or folder led to it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="FirstRow">Position of its first row in the dataset.</param>
public sealed record DataFile(string Path, long Bytes, long FirstRow, long Rows)
{
    /// <summary>Its folder on this machine; null for a remote file, which has none.</summary>
    internal string? Folder => RemoteName.Is(Path) ? null : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path));

    /// <exception cref="IOException">There is no such file.</exception>
    internal static long SizeOf(string path)
    {
        if (!RemoteName.Is(path))
        {
            return new FileInfo(path).Length;
        }

        using RandomFile file = RandomFile.Open(RemoteName.Of(path));
        return file.Length;
    }
}

/// <summary>A file that could not be opened and was left out, as asked.</summary>
public sealed record UnreadFile(string Path, string Reason);

/// <summary>A row group or record batch, the unit that a thread reads.</summary>
/// <param name="File">Index into <see cref="Dataset.Files"/>.</param>
/// <param name="Chunk">Index within the file.</param>
/// <param name="FirstRow">Position of its first row in the dataset.</param>
public sealed record DatasetChunk(int File, int Chunk, long FirstRow, long Rows);
