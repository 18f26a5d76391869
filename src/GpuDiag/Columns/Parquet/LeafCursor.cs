namespace GpuDiag.Columns.Parquet;

/// <summary>
/// Reads the values of one leaf column, one row group at a time, as one of four kinds: <c>long</c> (booleans,
/// integers, dates, timestamps, decimals in integers), <c>float</c> (float16 too), <c>double</c>, or
/// <see cref="ByteRun"/>. Implemented once per Parquet library.
/// </summary>
internal abstract class LeafCursor<T> : IDisposable
    where T : unmanaged
{
    internal abstract void Start(int rowGroup);

    /// <summary>
    /// Reads up to <paramref name="entries"/> entries. Levels are only written where the column has any; values
    /// are dense: one per entry whose definition level is the greatest. 0 at the end of the row group.
    /// </summary>
    /// <returns>The entries read; <paramref name="valuesRead"/> of them have a value.</returns>
    internal abstract int Read(int entries, Span<short> definition, Span<short> repetition, Span<T> values, out int valuesRead);

    public abstract void Dispose();
}
