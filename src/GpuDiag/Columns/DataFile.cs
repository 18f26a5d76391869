namespace GpuDiag.Columns;

/// <summary>A file of a <see cref="Dataset"/>.</summary>
/// <param name="Path">As the user gave it, or as its pattern or folder led to it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="FirstRow">Position of its first row in the dataset.</param>
public sealed record DataFile(string Path, long Bytes, long FirstRow, long Rows);

/// <summary>A file that could not be opened and was left out, as asked.</summary>
public sealed record UnreadFile(string Path, string Reason);

/// <summary>A row group or record batch, the unit that a thread reads.</summary>
/// <param name="File">Index into <see cref="Dataset.Files"/>.</param>
/// <param name="Chunk">Index within the file.</param>
/// <param name="FirstRow">Position of its first row in the dataset.</param>
public sealed record DatasetChunk(int File, int Chunk, long FirstRow, long Rows);
