namespace GpuDiag.Columns.Npy;

/// <summary>
/// A <c>.npy</c> file as a dataset of one column, called <see cref="ColumnName"/> whatever the file is called, so that
/// several files are one table. Mapped; cut into chunks so that threads can share it.
/// </summary>
internal sealed class NpySource : ISource, IMappedSource
{
    internal const string ColumnName = "embedding";

    private const long ChunkBytes = 16L << 20;

    private readonly NpyFile file;
    private readonly long[] chunkRows;
    private readonly long rowsPerChunk;

    /// <exception cref="InputException">The file is no array of floats that this tool reads.</exception>
    internal NpySource(string path)
    {
        file = new NpyFile(path);
        Fields = [file.Field(ColumnName)];
        rowsPerChunk = Math.Max(1, ChunkBytes / (Math.Max(1L, file.Width) * file.ItemBytes));
        chunkRows = new long[(file.Rows + rowsPerChunk - 1) / rowsPerChunk];
        for (int i = 0; i < chunkRows.Length; i++)
        {
            chunkRows[i] = Math.Min(rowsPerChunk, file.Rows - (i * rowsPerChunk));
        }
    }

    public string Path => file.Path;

    public IReadOnlyList<Field> Fields { get; }

    public IReadOnlyList<long> ChunkRows => chunkRows;

    public IChunkReader Open(IReadOnlyList<ColumnRequest> columns)
    {
        foreach (ColumnRequest column in columns)
        {
            FormRules.Resolve(Path, Fields, column);
        }

        return new Reader(this, [.. columns.Select(c => new NpyReader(file, c))]);
    }

    public MappedMatrix? Map(string column) => column == ColumnName ? file.Map() : null;

    public void Dispose() => file.Dispose();

    private sealed class Reader(NpySource source, NpyReader[] columns) : IChunkReader
    {
        private long row;
        private long end;

        public void Start(int chunk)
        {
            row = chunk * source.rowsPerChunk;
            end = row + source.chunkRows[chunk];
        }

        public int Read(Batch batch)
        {
            int rows = (int)Math.Min(batch.Capacity, end - row);
            for (int i = 0; i < columns.Length && rows > 0; i++)
            {
                columns[i].Read(batch.Columns[i], row, rows);
            }

            row += rows;
            batch.Rows = rows;
            return rows;
        }

        public void Dispose()
        {
        }
    }
}
