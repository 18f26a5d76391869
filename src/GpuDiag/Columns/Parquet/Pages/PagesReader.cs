namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// One thread's reader: own columns by the page decoder, the rest by the fallback, row for row together.
/// </summary>
internal sealed class PagesReader : IChunkReader
{
    private readonly string path;
    private readonly RandomFile file;
    private readonly IReadOnlyList<FooterRowGroup> groups;
    private readonly IReadOnlyList<ParquetLeaf?> columns;
    private readonly PageChunkReader?[] own;
    private readonly IChunkReader? other;
    private Batch? batchOfOther;
    private Batch? batchSeen;
    private long left;

    public PagesReader(
        string path,
        RandomFile file,
        IReadOnlyList<FooterRowGroup> groups,
        IReadOnlyList<ColumnRequest> requests,
        IReadOnlyList<ParquetLeaf?> columns,
        Lazy<ISource> fallback)
    {
        (this.path, this.file, this.groups, this.columns) = (path, file, groups, columns);
        ColumnRequest[] rest = [.. requests.Where((_, i) => columns[i] is null)];
        other = rest.Length > 0 ? fallback.Value.Open(rest) : null;
        own = [.. requests.Select((r, i) => columns[i] is { } c ? new PageChunkReader(file, c, r, UnpackerCatalog.Best) : null)];
    }

    public void Start(int chunk)
    {
        FooterRowGroup group = groups[chunk];
        left = group.Rows;
        if (file.IsFar)
        {
            file.Prepare([.. columns.OfType<ParquetLeaf>().Select(c => (group.Chunks[c.Column].Start, group.Chunks[c.Column].Length))]);
        }

        for (int i = 0; i < own.Length; i++)
        {
            if (own[i] is { } reader)
            {
                StartOwn(reader, columns[i]!, group);
            }
        }

        other?.Start(chunk);
    }

    public int Read(Batch batch) => Next(batch, keep: true);

    public int Skip(Batch batch) => Next(batch, keep: false);

    public void Dispose()
    {
        foreach (PageChunkReader? reader in own)
        {
            reader?.Dispose();
        }

        other?.Dispose();
    }

    private int Next(Batch batch, bool keep)
    {
        int rows = (int)Math.Min(batch.Capacity, left);
        if (other != null)
        {
            rows = keep ? other.Read(OthersOf(batch)) : other.Skip(OthersOf(batch));
        }

        for (int i = 0; i < own.Length && rows > 0; i++)
        {
            ReadOwn(i, keep ? batch.Columns[i] : null, rows);
        }

        left -= rows;
        return batch.Rows = rows;
    }

    private void StartOwn(PageChunkReader reader, ParquetLeaf column, FooterRowGroup group)
    {
        try
        {
            reader.Start(group.Chunks[column.Column], group.Rows);
        }
        catch (Exception e) when (ReadFault.Wraps(e))
        {
            throw ReadFault.From(e, path, column.Field.Name);
        }
    }

    /// <param name="i">The request's place.</param>
    /// <param name="column">Receives the rows; null to pass over them.</param>
    /// <param name="rows">How many.</param>
    private void ReadOwn(int i, Column? column, int rows)
    {
        if (own[i] is not { } reader)
        {
            return;
        }

        try
        {
            if (column is null)
            {
                reader.Skip(rows);
            }
            else
            {
                reader.Read(column, 0, rows);
            }
        }
        catch (Exception e) when (ReadFault.Wraps(e))
        {
            throw ReadFault.From(e, path, columns[i]!.Field.Name);
        }
    }

    /// <summary>The same columns, as a batch that holds only those of the fallback.</summary>
    private Batch OthersOf(Batch batch)
    {
        if (batchSeen != batch)
        {
            batchSeen = batch;
            batchOfOther = new Batch([.. batch.Columns.Where((_, i) => own[i] is null)], batch.Capacity);
        }

        return batchOfOther!;
    }
}
