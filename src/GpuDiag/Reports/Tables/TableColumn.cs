using GpuDiag.Columns.Parquet.Pages;

namespace GpuDiag.Reports.Tables;

/// <summary>One column of a <see cref="Table{TRow}"/>.</summary>
internal abstract class TableColumn<TRow>(TableField field)
{
    public TableField Field { get; } = field;

    /// <summary>For one row group, of at most this many rows.</summary>
    public abstract ColumnEncoder<TRow> Encoder(int rows);
}

/// <summary>Takes a row group's rows in pieces, for its column's chunk.</summary>
internal abstract class ColumnEncoder<TRow> : IDisposable
{
    public abstract void Add(ReadOnlySpan<TRow> rows);

    /// <summary>The chunk, the caller's to dispose of.</summary>
    public abstract ColumnChunk Finish();

    public abstract void Dispose();
}

/// <summary>Numbers and booleans, never null.</summary>
internal sealed class ValueTableColumn<TRow, T>(string name, Func<TRow, T> value)
    : TableColumn<TRow>(new TableField(name, PlainNumbers<T>.Type, Optional: false))
    where T : struct
{
    public override ColumnEncoder<TRow> Encoder(int rows) => new Values(value, rows);

    private sealed class Values(Func<TRow, T> value, int capacity) : ColumnEncoder<TRow>
    {
        private readonly ColumnChunk chunk = new(capacity, optional: false);
        private readonly PlainNumbers<T> numbers = new(capacity);

        public override void Add(ReadOnlySpan<TRow> rows)
        {
            foreach (var row in rows)
                numbers.Add(value(row));
        }

        public override ColumnChunk Finish()
        {
            chunk.AddData(PageEncoding.Plain, numbers.Bytes);
            return chunk;
        }

        public override void Dispose() => numbers.Dispose();
    }
}

/// <summary>Numbers and booleans that may be null.</summary>
internal sealed class OptionalTableColumn<TRow, T>(string name, Func<TRow, T?> value)
    : TableColumn<TRow>(new TableField(name, PlainNumbers<T>.Type, Optional: true))
    where T : struct
{
    public override ColumnEncoder<TRow> Encoder(int rows) => new Values(value, rows);

    private sealed class Values(Func<TRow, T?> value, int capacity) : ColumnEncoder<TRow>
    {
        private readonly ColumnChunk chunk = new(capacity, optional: true);
        private readonly PlainNumbers<T> numbers = new(capacity);

        public override void Add(ReadOnlySpan<TRow> rows)
        {
            foreach (var row in rows)
            {
                T? optional = value(row);
                chunk.Mark(optional.HasValue);
                if (optional.HasValue)
                    numbers.Add(optional.GetValueOrDefault());
            }
        }

        public override ColumnChunk Finish()
        {
            chunk.AddData(PageEncoding.Plain, numbers.Bytes);
            return chunk;
        }

        public override void Dispose() => numbers.Dispose();
    }
}
