using Parquet;
using Parquet.Schema;

namespace GpuDiag.Reports.Tables;

/// <summary>One column of a <see cref="Table{TRow}"/>.</summary>
internal abstract class TableColumn<TRow>(DataField column)
{
    public DataField Field { get; } = column;

    /// <summary>Writes this column's values of the rows as the next column chunk.</summary>
    public abstract Task Write(ParquetRowGroupWriter writer, TRow[] rows, CancellationToken cancellation);
}

/// <summary>Text that may be null.</summary>
internal sealed class TextTableColumn<TRow>(string name, Func<TRow, string?> value) : TableColumn<TRow>(new DataField<string>(name))
{
    public override Task Write(ParquetRowGroupWriter writer, TRow[] rows, CancellationToken cancellation)
        => writer.WriteAsync(Field, Array.ConvertAll(rows, row => value(row)!));
}

/// <summary>Bytes that may be null.</summary>
internal sealed class BytesTableColumn<TRow>(string name, Func<TRow, byte[]?> value) : TableColumn<TRow>(new DataField<byte[]>(name))
{
    public override Task Write(ParquetRowGroupWriter writer, TRow[] rows, CancellationToken cancellation)
        => writer.WriteAsync(Field, Array.ConvertAll(rows, row => value(row)!));
}

/// <summary>Numbers and booleans, never null.</summary>
internal sealed class ValueTableColumn<TRow, T>(string name, Func<TRow, T> value) : TableColumn<TRow>(new DataField<T>(name))
    where T : struct
{
    public override Task Write(ParquetRowGroupWriter writer, TRow[] rows, CancellationToken cancellation)
        => writer.WriteAsync<T>(Field, Array.ConvertAll(rows, row => value(row)), cancellationToken: cancellation);
}

/// <summary>Numbers and booleans that may be null.</summary>
internal sealed class OptionalTableColumn<TRow, T>(string name, Func<TRow, T?> value) : TableColumn<TRow>(new DataField<T?>(name))
    where T : struct
{
    public override Task Write(ParquetRowGroupWriter writer, TRow[] rows, CancellationToken cancellation)
        => writer.WriteAsync<T>(Field, Array.ConvertAll(rows, row => value(row)), cancellationToken: cancellation);
}
