using GpuDiag.Columns.Remote;
using ParquetSharp;
using ParquetSharp.IO;

namespace GpuDiag.Columns.Parquet;

/// <summary>The file of one thread and the row group it stands at, shared by the cursors of its columns.</summary>
internal sealed class NativeFile : IOpenParquet
{
    private readonly ParquetFileReader reader;
    private readonly RandomStream? remote;
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

        if (RemoteName.Is(file))
        {
            remote = new RandomStream(RandomFile.Open(file));
            try
            {
                using ManagedRandomAccessFile access = new(remote, leaveOpen: true);
                reader = new ParquetFileReader(access, properties);
            }
            catch
            {
                remote.Dispose();
                throw;
            }
        }
        else
        {
            reader = new ParquetFileReader(file, properties);
        }
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
        remote?.Dispose();
    }
}
