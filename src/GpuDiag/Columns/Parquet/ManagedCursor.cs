using Parquet.Data;

namespace GpuDiag.Columns.Parquet;

/// <summary>A column through Parquet.Net, which decodes a column chunk in one piece.</summary>
/// <param name="convert">Turns a stored value into <typeparamref name="T"/>; byte strings move to the store.</param>
internal sealed class ManagedCursor<TStored, T>(ManagedFile file, ParquetLeaf leaf, Func<TStored, ByteStore, T> convert) : LeafCursor<T>
    where TStored : struct
    where T : unmanaged
{
    private readonly ByteStore store = new();
    private RawColumnData<TStored>? chunk;
    private int entry;
    private int value;

    internal override void Start(int rowGroup)
    {
        chunk?.Dispose();
        chunk = null;
        chunk = (RawColumnData<TStored>)file.Column(rowGroup, leaf.Column);
        (entry, value) = (0, 0);
    }

    internal override int Read(int entries, Span<short> definition, Span<short> repetition, Span<T> values, out int valuesRead)
    {
        store.Clear();
        Span<TStored> stored = chunk!.Values;
        int count = leaf.MaxDefinition == 0 ? stored.Length : chunk.DefinitionLevels.Length;
        int read = Math.Min(entries, count - entry);
        valuesRead = read;
        if (leaf.MaxDefinition > 0)
        {
            Levels(chunk.DefinitionLevels.Slice(entry, read), definition, leaf.MaxDefinition);
            valuesRead = definition[..read].Count(leaf.MaxDefinition);
        }

        if (leaf.MaxRepetition > 0)
        {
            Levels(chunk.RepetitionLevels.Slice(entry, read), repetition, leaf.MaxRepetition);
        }

        for (int i = 0; i < valuesRead; i++)
        {
            values[i] = convert(stored[value + i], store);
        }

        entry += read;
        value += valuesRead;
        return read;
    }

    public override void Dispose() => chunk?.Dispose();

    private static void Levels(ReadOnlySpan<int> from, Span<short> to, short most)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = from[i] >= 0 && from[i] <= most ? (short)from[i] : throw new InvalidDataException($"a level of {from[i]} where {most} is the greatest");
        }
    }
}
