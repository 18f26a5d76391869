namespace GpuDiag.Columns.Parquet;

/// <summary>
/// A Parquet file through Parquet.Net, for machines without ParquetSharp's native library. Slower, and it holds a
/// whole column chunk per column in memory.
/// </summary>
internal sealed class ManagedParquetSource(string path) : LibraryParquetSource(path, ReadFooter)
{
    private protected override IOpenParquet OpenFile() => new ManagedFile(Path);

    private static (IReadOnlyList<ParquetNode> Roots, IReadOnlyList<long> ChunkRows) ReadFooter(string path)
    {
        using ManagedFile file = new(path);
        return (file.Roots, file.ChunkRows);
    }
}
