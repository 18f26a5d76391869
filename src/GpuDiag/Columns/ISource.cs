namespace GpuDiag.Columns;

/// <summary>
/// A file as rows in a fixed order, cut into chunks (Parquet row groups, Arrow record batches) that can be read
/// independently. Safe to use from several threads; its readers are not.
/// All faults of the data surface as <see cref="InputException"/>, from every member.
/// </summary>
public interface ISource : IDisposable
{
    /// <summary>The path as the user gave it.</summary>
    string Path { get; }

    IReadOnlyList<Field> Fields { get; }

    /// <summary>Rows of each chunk.</summary>
    IReadOnlyList<long> ChunkRows { get; }

    /// <summary>Opens a reader of its own for one thread, for the columns asked for and no others.</summary>
    /// <exception cref="InputException">A column is missing, or cannot be carried in the form asked for.</exception>
    IChunkReader Open(IReadOnlyList<ColumnRequest> columns);
}

/// <summary>Reads chunks of a source, one at a time, in batches.</summary>
public interface IChunkReader : IDisposable
{
    /// <summary>Positions at the first row of a chunk, any chunk, any order.</summary>
    void Start(int chunk);

    /// <summary>
    /// Fills the batch with the next rows of the chunk, <see cref="Batch.Capacity"/> at most, in the order of the
    /// requests, and sets <see cref="Batch.Rows"/>; 0 at the chunk's end.
    /// Every chunk yields exactly its <see cref="ISource.ChunkRows"/> or throws.
    /// </summary>
    int Read(Batch batch);

    /// <summary>As <see cref="Read"/>, but what the batch's columns hold after it means nothing: for readers that can pass rows faster than read them.</summary>
    int Skip(Batch batch) => Read(batch);
}
