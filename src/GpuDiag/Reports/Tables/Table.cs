using GpuDiag.Analyses.Results;
using Parquet;
using Parquet.Schema;

namespace GpuDiag.Reports.Tables;

/// <summary>
/// A Parquet table of typed columns, each a function of a row. Written uncompressed in row groups of at most
/// 131,072 rows; the same rows give the same bytes. No rows: an empty table with its columns.
/// </summary>
internal sealed class Table<TRow>
{
    private const int RowGroup = 131_072;

    private readonly List<TableColumn<TRow>> columns = [];

    public Table<TRow> Text(string name, Func<TRow, string?> value)
    {
        columns.Add(new TextTableColumn<TRow>(name, value));
        return this;
    }

    public Table<TRow> Bytes(string name, Func<TRow, byte[]?> value)
    {
        columns.Add(new BytesTableColumn<TRow>(name, value));
        return this;
    }

    public Table<TRow> Value<T>(string name, Func<TRow, T> value)
        where T : struct
    {
        columns.Add(new ValueTableColumn<TRow, T>(name, value));
        return this;
    }

    public Table<TRow> Optional<T>(string name, Func<TRow, T?> value)
        where T : struct
    {
        columns.Add(new OptionalTableColumn<TRow, T>(name, value));
        return this;
    }

    /// <summary>Three columns: the name, <c>_low</c> and <c>_high</c>; undefined numbers are null.</summary>
    public Table<TRow> Estimate(string name, Func<TRow, Estimate> value)
        => Optional(name, row => Finite(value(row).Value))
            .Optional(name + "_low", row => Finite(value(row).Low))
            .Optional(name + "_high", row => Finite(value(row).High));

    public void Write(Stream stream, IEnumerable<TRow> rows, CancellationToken cancellation)
        => WriteAsync(stream, rows, cancellation).GetAwaiter().GetResult();

    private async Task WriteAsync(Stream stream, IEnumerable<TRow> rows, CancellationToken cancellation)
    {
        var schema = new ParquetSchema(columns.Select(c => (Field)c.Field).ToArray());
        await using var writer = await ParquetWriter.CreateAsync(schema, stream, TableEncoding.Options, cancellationToken: cancellation);
        writer.CustomMetadata = ProgramVersion.Metadata;
        foreach (TRow[] group in rows.Chunk(RowGroup))
        {
            cancellation.ThrowIfCancellationRequested();
            using var rowGroup = writer.CreateRowGroup();
            foreach (var column in columns)
                await column.Write(rowGroup, group, cancellation);
        }
    }

    private static double? Finite(double? value)
        => value is double v && double.IsFinite(v) ? v : null;
}
