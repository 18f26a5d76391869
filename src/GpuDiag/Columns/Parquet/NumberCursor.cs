namespace GpuDiag.Columns.Parquet;

/// <summary>Integers of a column as doubles.</summary>
/// <param name="convert">Null where they are signed.</param>
internal sealed class NumberCursor(LeafCursor<long> inner, Func<long, double>? convert) : LeafCursor<double>
{
    private long[] stored = [];

    internal override void Start(int rowGroup) => inner.Start(rowGroup);

    internal override int Read(int entries, Span<short> definition, Span<short> repetition, Span<double> values, out int valuesRead)
    {
        if (stored.Length < values.Length)
        {
            stored = new long[values.Length];
        }

        int read = inner.Read(entries, definition, repetition, stored.AsSpan(0, values.Length), out valuesRead);
        for (int i = 0; i < valuesRead; i++)
        {
            values[i] = convert is null ? stored[i] : convert(stored[i]);
        }

        return read;
    }

    public override void Dispose() => inner.Dispose();
}
