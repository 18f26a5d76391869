namespace GpuDiag.Columns;

/// <summary>
/// Up to <see cref="Capacity"/> rows of the requested columns, in reusable memory that the batch owns or borrows.
/// Valid until the next <see cref="IChunkReader.Read"/> into it.
/// </summary>
public sealed class Batch : IDisposable
{
    /// <summary>Rows per batch where nothing else is asked: a batch of narrow columns stays within a core's caches.</summary>
    public const int DefaultCapacity = 1 << 17;

    public Batch(IReadOnlyList<ColumnRequest> columns, int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
        Columns = [.. columns.Select(c => Make(c, capacity))];
    }

    /// <summary>Other columns' memory under a batch of its own, for a reader that leaves some columns to another.</summary>
    internal Batch(IReadOnlyList<Column> columns, int capacity) => (Columns, Capacity) = (columns, capacity);

    public int Capacity { get; }

    public int Rows { get; set; }

    /// <summary>Position of the first row in the dataset, 0-based.</summary>
    public long FirstRow { get; set; }

    /// <summary>In the order of the requests.</summary>
    public IReadOnlyList<Column> Columns { get; }

    public void Dispose()
    {
        foreach (Column column in Columns)
        {
            column.Dispose();
        }
    }

    private static Column Make(ColumnRequest request, int capacity) => request.Form switch
    {
        ColumnForm.Codes => new CodeColumn(request.Domain ?? throw new ArgumentException("codes need a domain"), capacity),
        ColumnForm.Numbers => new NumberColumn(capacity),
        ColumnForm.Matrix => new MatrixColumn(),
        ColumnForm.Image => new ImageColumn(capacity),
        _ => new TextColumn(capacity),
    };
}
