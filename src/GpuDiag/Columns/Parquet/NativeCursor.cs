using ParquetSharp;

namespace GpuDiag.Columns.Parquet;

/// <summary>The file of one thread and the row group it stands at, shared by the cursors of its columns.</summary>
internal sealed class NativeFile : IDisposable, ILeafCursors
{
    private readonly ParquetFileReader reader;
    private RowGroupReader? group;
    private int open = -1;

    internal NativeFile(string file, bool windowed)
    {
        using ReaderProperties properties = ReaderProperties.GetDefaultReaderProperties();
        properties.EnablePageChecksumVerification();
        if (windowed)
        {
            properties.EnableBufferedStream();
            properties.BufferSize = 1 << 20;
        }

        reader = new ParquetFileReader(file, properties);
    }

    internal ParquetFileReader Reader => reader;

    internal RowGroupReader Group(int rowGroup)
    {
        if (open != rowGroup)
        {
            group?.Dispose();
            group = reader.RowGroup(rowGroup);
            open = rowGroup;
        }

        return group!;
    }

    public LeafCursor<long> Longs(ParquetLeaf leaf) => leaf.Node.Physical switch
    {
        ParquetPhysical.Boolean => new NativeCursor<bool, long>(this, leaf, static (from, to) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = from[i] ? 1 : 0;
            }
        }),
        ParquetPhysical.Int32 when leaf.Node.Meaning == ParquetMeaning.Unsigned => new NativeCursor<int, long>(this, leaf, static (from, to) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (uint)from[i];
            }
        }),
        ParquetPhysical.Int32 => new NativeCursor<int, long>(this, leaf, static (from, to) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = from[i];
            }
        }),
        ParquetPhysical.Int96 => new NativeCursor<Int96, long>(this, leaf, static (from, to) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = LegacyTime.Micros((uint)from[i].A | ((long)from[i].B << 32), from[i].C);
            }
        }),
        _ => new NativeCursor<long, long>(this, leaf, null),
    };

    public LeafCursor<float> Floats(ParquetLeaf leaf) => leaf.Node.Physical == ParquetPhysical.FixedBytes
        ? new NativeCursor<FixedLenByteArray, float>(this, leaf, static (from, to) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (float)System.Buffers.Binary.BinaryPrimitives.ReadHalfLittleEndian(new ByteRun(from[i].Pointer, 2).Span);
            }
        })
        : new NativeCursor<float, float>(this, leaf, null);

    public LeafCursor<double> Doubles(ParquetLeaf leaf) => new NativeCursor<double, double>(this, leaf, null);

    public LeafCursor<ByteRun> Runs(ParquetLeaf leaf)
    {
        int length = leaf.Node.Length;
        return leaf.Node.Physical == ParquetPhysical.FixedBytes
            ? new NativeCursor<FixedLenByteArray, ByteRun>(this, leaf, (from, to) =>
            {
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = new ByteRun(from[i].Pointer, length);
                }
            })
            : new NativeCursor<ByteArray, ByteRun>(this, leaf, static (from, to) =>
            {
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = new ByteRun(from[i].Pointer, from[i].Length);
                }
            });
    }

    public void Dispose()
    {
        group?.Dispose();
        reader.Dispose();
    }
}

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
