namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// A Parquet file read by our own decoder where it can: flat booleans, integers, floats and text, in the encodings
/// and codecs that predictions come in. Columns that it does not know come from the fallback, which is not opened,
/// and whose libraries are not loaded, until such a column is asked for.
/// </summary>
public sealed class PagesSource : ISource
{
    private readonly RandomFile file;
    private readonly ParquetFooter footer;
    private readonly Lazy<ISource> fallback;
    private readonly IReadOnlyList<ParquetLeaf> leaves;

    /// <param name="path">A Parquet file.</param>
    /// <param name="fallback">Opens the same file with a library.</param>
    /// <exception cref="InputException">The file cannot be opened, or is no Parquet file.</exception>
    public PagesSource(string path, Func<ISource> fallback)
    {
        Path = path;
        this.fallback = new Lazy<ISource>(fallback);
        try
        {
            file = RandomFile.Open(path);
            footer = ParquetFooter.Read(file);
            leaves = ParquetSchema.Leaves(footer.Roots, path);
        }
        catch (Exception error)
        {
            file?.Dispose();
            throw ReadFault.Wraps(error) ? ReadFault.From(error, path) : error;
        }

        Fields = [.. leaves.Select(leaf => leaf.Field)];
        ChunkRows = [.. footer.RowGroups.Select(group => group.Rows)];
    }

    public string Path { get; }

    public IReadOnlyList<Field> Fields { get; }

    public IReadOnlyList<long> ChunkRows { get; }

    public IChunkReader Open(IReadOnlyList<ColumnRequest> columns)
    {
        ParquetLeaf?[] own = [.. columns.Select(OwnLeaf)];
        return new PagesReader(Path, file, footer.RowGroups, columns, own, fallback);
    }

    public void Dispose()
    {
        file.Dispose();
        if (fallback.IsValueCreated)
        {
            fallback.Value.Dispose();
        }
    }

    /// <summary>The leaf, where the decoder takes every chunk of it; null where it is left to the fallback.</summary>
    private ParquetLeaf? OwnLeaf(ColumnRequest request)
    {
        Field field = FormRules.Resolve(Path, Fields, request);
        ParquetLeaf leaf = leaves.First(l => ReferenceEquals(l.Field, field));
        bool own = PageChunkReader.Supports(leaf, request.Form)
            && footer.RowGroups.All(group => PageChunkReader.Supports(group.Chunks[leaf.Column]));
        return own ? leaf : null;
    }
}
