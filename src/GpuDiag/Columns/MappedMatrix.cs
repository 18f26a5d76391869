namespace GpuDiag.Columns;

/// <summary>All rows of a float32 list column as they lie in a mapped file, one after another, aligned to 4 bytes.</summary>
/// <param name="Pointer">Valid as long as the source is open.</param>
/// <param name="Width">Values per row, at least 1.</param>
internal readonly record struct MappedMatrix(nint Pointer, int Width);

/// <summary>A source whose file may hold a column in that form.</summary>
internal interface IMappedSource
{
    /// <summary>The column's rows in place; null where they are not so: nulls, other types, compression, several batches.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    MappedMatrix? Map(string column);
}
