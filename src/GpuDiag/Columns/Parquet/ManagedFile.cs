using System.Buffers.Binary;
using GpuDiag.Columns.Remote;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace GpuDiag.Columns.Parquet;

/// <summary>The file of one thread through Parquet.Net.</summary>
internal sealed class ManagedFile : IOpenParquet
{
    private readonly ParquetReader reader;
    private readonly RandomStream? remote;
    private readonly DataField[] fields;

    internal ManagedFile(string path)
    {
        try
        {
            remote = RemoteName.Is(path) ? new RandomStream(RandomFile.Open(path)) : null;
            reader = (remote is null ? ParquetReader.CreateAsync(path) : ParquetReader.CreateAsync(remote)).GetAwaiter().GetResult();
        }
        catch
        {
            remote?.Dispose();
            throw;
        }

        Roots = ManagedSchema.Roots(reader.Metadata!.Schema);

        // Without annotations Parquet.Net hands out what is stored, and this tool gives it its meaning: the same for
        // both libraries, and types that Parquet.Net does not know (float16, nanoseconds) are read too.
        ManagedSchema.RemoveAnnotations(reader.Metadata.Schema);
        fields = reader.Schema.DataFields;
        if (fields.Length != Roots.Sum(r => r.Leaves))
        {
            throw new InvalidDataException("the schema's columns cannot be told apart");
        }
    }

    internal IReadOnlyList<ParquetNode> Roots { get; }

    internal IReadOnlyList<long> ChunkRows => [.. reader.Metadata!.RowGroups.Select(g => g.NumRows)];

    /// <summary>The values and levels of a column chunk.</summary>
    internal RawColumnData Column(int rowGroup, int column)
    {
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(rowGroup);
        return group.ReadRawColumnDataBaseAsync(fields[column]).AsTask().GetAwaiter().GetResult();
    }

    public LeafCursor<long> Longs(ParquetLeaf leaf) => leaf.Node.Physical switch
    {
        ParquetPhysical.Boolean => new ManagedCursor<bool, long>(this, leaf, static (v, _) => v ? 1 : 0),
        ParquetPhysical.Int32 when leaf.Node.Meaning == ParquetMeaning.Unsigned => new ManagedCursor<int, long>(this, leaf, static (v, _) => (uint)v),
        ParquetPhysical.Int32 => new ManagedCursor<int, long>(this, leaf, static (v, _) => v),
        ParquetPhysical.Int96 => new ManagedCursor<DateTime, long>(this, leaf, static (v, _) => LegacyTime.Micros(v)),
        _ => new ManagedCursor<long, long>(this, leaf, static (v, _) => v),
    };

    public LeafCursor<float> Floats(ParquetLeaf leaf) => leaf.Node.Physical == ParquetPhysical.FixedBytes
        ? new ManagedCursor<ReadOnlyMemory<byte>, float>(this, leaf, static (v, _) => (float)BinaryPrimitives.ReadHalfLittleEndian(v.Span))
        : new ManagedCursor<float, float>(this, leaf, static (v, _) => v);

    public LeafCursor<double> Doubles(ParquetLeaf leaf) => new ManagedCursor<double, double>(this, leaf, static (v, _) => v);

    public LeafCursor<ByteRun> Runs(ParquetLeaf leaf) =>
        new ManagedCursor<ReadOnlyMemory<byte>, ByteRun>(this, leaf, static (v, store) => store.Add(v.Span));

    public void Dispose()
    {
        reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        remote?.Dispose();
    }
}
