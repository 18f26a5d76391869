using ParquetSharp;
using ParquetSharp.Schema;
using PhysicalType = ParquetSharp.PhysicalType;

namespace GpuDiag.Columns.Parquet;

/// <summary>
/// A Parquet file through ParquetSharp's physical column readers (Arrow C++): no string and no allocation per row.
/// Page checksums are verified where the file has them. Values are checked against levels and row counts.
/// Memory per reader: the pages in use, or a column chunk of up to 64 MiB.
/// </summary>
internal sealed class NativeParquetSource : ISource
{
    /// <summary>Above this a row group's columns are read through a window instead of in one piece.</summary>
    private const long WindowedAbove = 64L << 20;

    private readonly IReadOnlyList<ParquetLeaf> leaves;
    private readonly ListWidth[] widths;
    private readonly long[] firstRows;
    private readonly bool windowed;

    /// <exception cref="DllNotFoundException">ParquetSharp has no native library for this machine (also as a TypeInitializationException).</exception>
    internal NativeParquetSource(string path)
    {
        Path = path;
        try
        {
            using FileStream probe = File.OpenRead(path);
            using NativeFile native = new(path, windowed: false);
            using FileMetaData metadata = native.Reader.FileMetaData;
            using GroupNode root = metadata.Schema.GroupNode;
            leaves = ParquetSchema.Leaves([.. root.Fields.Select(Convert)], path);
            Fields = [.. leaves.Select(l => l.Field)];
            long[] rows = new long[metadata.NumRowGroups];
            for (int g = 0; g < rows.Length; g++)
            {
                rows[g] = RowsOf(native, g, ref windowed);
            }

            ChunkRows = rows;
        }
        catch (Exception error) when (ReadFault.Wraps(error) && !IsMissingLibrary(error))
        {
            throw ReadFault.From(error, path);
        }

        widths = [.. leaves.Select(_ => new ListWidth())];
        firstRows = new long[ChunkRows.Count];
        for (int g = 1; g < firstRows.Length; g++)
        {
            firstRows[g] = firstRows[g - 1] + ChunkRows[g - 1];
        }
    }

    public string Path { get; }

    public IReadOnlyList<Field> Fields { get; }

    public IReadOnlyList<long> ChunkRows { get; }

    internal static bool IsMissingLibrary(Exception error) =>
        error is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
        || (error is TypeInitializationException { InnerException: { } inner } && IsMissingLibrary(inner));

    public IChunkReader Open(IReadOnlyList<ColumnRequest> columns)
    {
        int[] indices = [.. columns.Select(c => IndexOf(FormRules.Resolve(Path, Fields, c)))];
        try
        {
            NativeFile native = new(Path, windowed);
            ILeafReader[] readers =
            [
                .. columns.Select((c, i) =>
                    LeafReaders.Create(leaves[indices[i]], c, Path, native, widths[indices[i]], group => firstRows[group])),
            ];
            return new ParquetChunkReader(Path, columns, readers, ChunkRows, native);
        }
        catch (Exception error) when (ReadFault.Wraps(error))
        {
            throw ReadFault.From(error, Path);
        }
    }

    public void Dispose()
    {
    }

    private int IndexOf(Field field)
    {
        for (int i = 0; i < Fields.Count; i++)
        {
            if (ReferenceEquals(Fields[i], field))
            {
                return i;
            }
        }

        throw new ArgumentException("a field of another source", nameof(field));
    }

    private static long RowsOf(NativeFile native, int group, ref bool windowed)
    {
        RowGroupMetaData metadata = native.Group(group).MetaData;
        for (int c = 0; c < metadata.NumColumns && !windowed; c++)
        {
            using ColumnChunkMetaData chunk = metadata.GetColumnChunkMetaData(c);
            windowed = chunk.TotalCompressedSize > WindowedAbove;
        }

        return metadata.NumRows >= 0 ? metadata.NumRows : throw new InvalidDataException("a row group with a negative row count");
    }

    private static ParquetNode Convert(Node node)
    {
        using LogicalType logical = node.LogicalType;
        ParquetRepetition repetition = node.Repetition switch
        {
            Repetition.Required => ParquetRepetition.Required,
            Repetition.Repeated => ParquetRepetition.Repeated,
            _ => ParquetRepetition.Optional,
        };
        ParquetNode plain = new(node.Name, repetition, Meaning: Meaning(logical, node.NodeType == NodeType.Group));
        if (node is GroupNode group)
        {
            return plain with { Children = [.. group.Fields.Select(Convert)] };
        }

        PrimitiveNode leaf = (PrimitiveNode)node;
        return plain with
        {
            Physical = leaf.PhysicalType switch
            {
                PhysicalType.Boolean => ParquetPhysical.Boolean,
                PhysicalType.Int32 => ParquetPhysical.Int32,
                PhysicalType.Int64 => ParquetPhysical.Int64,
                PhysicalType.Int96 => ParquetPhysical.Int96,
                PhysicalType.Float => ParquetPhysical.Float,
                PhysicalType.Double => ParquetPhysical.Double,
                PhysicalType.FixedLenByteArray => ParquetPhysical.FixedBytes,
                _ => ParquetPhysical.Bytes,
            },
            Length = leaf.PhysicalType == PhysicalType.FixedLenByteArray ? leaf.TypeLength : 0,
            Scale = logical is DecimalLogicalType number ? number.Scale : 0,
            UnitsPerSecond = logical is not TimestampLogicalType time ? 1 : time.TimeUnit switch
            {
                TimeUnit.Millis => 1000,
                TimeUnit.Micros => 1_000_000,
                _ => 1_000_000_000,
            },
            Utc = logical is TimestampLogicalType { IsAdjustedToUtc: true },
        };
    }

    private static ParquetMeaning Meaning(LogicalType logical, bool group) => logical.Type switch
    {
        LogicalTypeEnum.String or LogicalTypeEnum.Enum or LogicalTypeEnum.Json => ParquetMeaning.Text,
        LogicalTypeEnum.None or LogicalTypeEnum.Undefined or LogicalTypeEnum.Bson => ParquetMeaning.Plain,
        LogicalTypeEnum.Int => ((IntLogicalType)logical).IsSigned ? ParquetMeaning.Plain : ParquetMeaning.Unsigned,
        LogicalTypeEnum.Decimal => ParquetMeaning.Decimal,
        LogicalTypeEnum.Date => ParquetMeaning.Date,
        LogicalTypeEnum.Timestamp => ParquetMeaning.Timestamp,
        LogicalTypeEnum.Uuid => ParquetMeaning.Uuid,
        LogicalTypeEnum.Float16 => ParquetMeaning.Float16,
        LogicalTypeEnum.List when group => ParquetMeaning.List,
        LogicalTypeEnum.Nil => ParquetMeaning.Null,
        _ => ParquetMeaning.Other,
    };
}
