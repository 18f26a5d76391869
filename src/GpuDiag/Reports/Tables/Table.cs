using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.Tables;

/// <summary>
/// A Parquet table of typed columns, each a function of a row. Written with snappy in row groups of at most
/// 131,072 rows; the same rows give the same bytes. No rows: an empty table with its columns.
/// </summary>
internal sealed class Table<TRow>
{
    private const int RowGroup = 131_072;

    /// <summary>Row groups in memory at a time, each encoded by a thread.</summary>
    private const int MostGroups = 4;

    /// <summary>Rows that every column takes in turn: so few that they stay in the cache for all of them.</summary>
    private const int Block = 512;

    private readonly List<TableColumn<TRow>> columns = [];

    public Table<TRow> Text(string name, Func<TRow, string?> value)
    {
        columns.Add(new TextTableColumn<TRow>(name, value));
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
    {
        var file = new TableFile(stream, [.. columns.Select(c => c.Field)]);
        foreach (TRow[][] groups in rows.Chunk(RowGroup).Chunk(Math.Min(MostGroups, Environment.ProcessorCount)))
        {
            cancellation.ThrowIfCancellationRequested();
            var encoded = new ColumnChunk[groups.Length][];
            if (groups.Length == 1)
                encoded[0] = Encode(groups[0]);
            else
                Parallel.For(0, groups.Length, g => encoded[g] = Encode(groups[g]));
            foreach (var chunks in encoded)
                file.AddGroup(chunks);
        }
        file.Finish();
    }

    private ColumnChunk[] Encode(TRow[] group)
    {
        ColumnEncoder<TRow>[] encoders = [.. columns.Select(c => c.Encoder(group.Length))];
        for (int first = 0; first < group.Length; first += Block)
        {
            foreach (var encoder in encoders)
                encoder.Add(group.AsSpan(first, Math.Min(Block, group.Length - first)));
        }
        var chunks = new ColumnChunk[encoders.Length];
        for (int c = 0; c < chunks.Length; c++)
        {
            chunks[c] = encoders[c].Finish();
            encoders[c].Dispose();
        }
        return chunks;
    }

    private static double? Finite(double? value)
        => value is double v && double.IsFinite(v) ? v : null;
}
