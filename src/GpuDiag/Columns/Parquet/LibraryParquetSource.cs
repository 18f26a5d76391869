namespace GpuDiag.Columns.Parquet;

/// <summary>An open file of a Parquet library, for one thread.</summary>
internal interface IOpenParquet : ILeafCursors, IDisposable;

/// <summary>What the sources over Parquet libraries have in common: each gives the schema, the row counts and the cursors.</summary>
internal abstract class LibraryParquetSource : ISource
{
    private readonly IReadOnlyList<ParquetLeaf> leaves;
    private readonly ListWidth[] widths;
    private readonly long[] firstRows;

    /// <param name="path">As the user gave it.</param>
    /// <param name="footer">Reads the schema's top-level nodes and the rows of each row group.</param>
    private protected LibraryParquetSource(string path, Func<string, (IReadOnlyList<ParquetNode> Roots, IReadOnlyList<long> ChunkRows)> footer)
    {
        Path = path;
        try
        {
            // The libraries word a missing or forbidden file in their own ways; the runtime says it with a type.
            using RandomFile probe = RandomFile.Open(path);
            (IReadOnlyList<ParquetNode> roots, ChunkRows) = footer(path);
            leaves = ParquetSchema.Leaves(roots, path);
        }
        catch (Exception error) when (ReadFault.Wraps(error) && !NativeParquetSource.IsMissingLibrary(error))
        {
            throw ReadFault.From(error, path);
        }

        Fields = [.. leaves.Select(l => l.Field)];
        widths = [.. leaves.Select(_ => new ListWidth())];
        firstRows = new long[ChunkRows.Count];
        long sum = 0;
        for (int g = 0; g < firstRows.Length; g++)
        {
            firstRows[g] = sum;
            sum = ChunkRows[g] >= 0 && ChunkRows[g] <= long.MaxValue - sum
                ? sum + ChunkRows[g]
                : throw ReadFault.Corrupt("has a row group with an impossible row count", path);
        }
    }

    public string Path { get; }

    public IReadOnlyList<Field> Fields { get; }

    public IReadOnlyList<long> ChunkRows { get; }

    public IChunkReader Open(IReadOnlyList<ColumnRequest> columns)
    {
        int[] indices = [.. columns.Select(c => IndexOf(FormRules.Resolve(Path, Fields, c)))];
        IOpenParquet? file = null;
        try
        {
            file = OpenFile();
            ILeafReader[] readers =
            [
                .. columns.Select((c, i) =>
                    LeafReaders.Create(leaves[indices[i]], c, Path, file, widths[indices[i]], group => firstRows[group])),
            ];
            return new ParquetChunkReader(Path, columns, readers, ChunkRows, file);
        }
        catch (Exception error) when (ReadFault.Wraps(error))
        {
            file?.Dispose();
            throw ReadFault.From(error, Path);
        }
    }

    public void Dispose()
    {
    }

    private protected abstract IOpenParquet OpenFile();

    private int IndexOf(Field field)
    {
        int index = 0;
        while (!ReferenceEquals(Fields[index], field))
        {
            index++;
        }

        return index;
    }
}
