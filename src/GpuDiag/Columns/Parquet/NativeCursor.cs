using ParquetSharp;

namespace GpuDiag.Columns.Parquet;

internal delegate void Widen<TPhysical, T>(ReadOnlySpan<TPhysical> from, Span<T> to);

/// <summary>A column through ParquetSharp's physical reader.</summary>
/// <param name="widen">Turns stored values into <typeparamref name="T"/>; null where they are that already.</param>
internal sealed class NativeCursor<TPhysical, T>(NativeFile file, ParquetLeaf leaf, Widen<TPhysical, T>? widen) : LeafCursor<T>
    where TPhysical : unmanaged
    where T : unmanaged
{
    private TPhysical[] stored = [];
    private ColumnReader<TPhysical>? reader;

    internal override void Start(int rowGroup)
    {
        reader?.Dispose();
        reader = null;
        ColumnReader column = file.Group(rowGroup).Column(leaf.Column);
        reader = (ColumnReader<TPhysical>)column;
    }

    internal override int Read(int entries, Span<short> definition, Span<short> repetition, Span<T> values, out int valuesRead)
    {
        long read;
        long count;
        if (widen is null)
        {
            Span<TPhysical> target = System.Runtime.InteropServices.MemoryMarshal.Cast<T, TPhysical>(values);
            read = Next(entries, definition, repetition, target, out count);
        }
        else
        {
            if (stored.Length < values.Length)
            {
                stored = new TPhysical[values.Length];
            }

            read = Next(entries, definition, repetition, stored, out count);
            widen(stored.AsSpan(0, (int)count), values[..(int)count]);
        }

        valuesRead = (int)count;
        return (int)read;
    }

    public override void Dispose() => reader?.Dispose();

    private long Next(int entries, Span<short> definition, Span<short> repetition, Span<TPhysical> values, out long count)
    {
        count = 0;
        if (!reader!.HasNext)
        {
            return 0;
        }

        long read = leaf.MaxDefinition == 0
            ? reader.ReadBatch(entries, values, out count)
            : reader.ReadBatch(entries, definition, repetition, values, out count);

        // A page without entries is legal; only the end of the chunk may read as 0.
        while (read == 0 && reader.HasNext)
        {
            read = leaf.MaxDefinition == 0
                ? reader.ReadBatch(entries, values, out count)
                : reader.ReadBatch(entries, definition, repetition, values, out count);
        }

        return leaf.MaxDefinition == 0 ? count : read;
    }
}
