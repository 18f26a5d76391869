using ParquetSharp;
using ParquetSharp.Schema;
using PhysicalType = ParquetSharp.PhysicalType;

namespace GpuDiag.Columns.Parquet;

/// <summary>
/// A Parquet file through ParquetSharp's physical column readers (Arrow C++): no string and no allocation per row.
/// Page checksums are verified where the file has them. Values are checked against levels and row counts.
/// Memory per reader: the pages in use, or a column chunk of up to 64 MiB.
/// </summary>
internal sealed class NativeParquetSource : LibraryParquetSource
{
    /// <summary>Above this a column chunk is read through a window instead of in one piece.</summary>
    private const long WindowedAbove = 64L << 20;

    private readonly Lazy<bool> windowed;

    /// <exception cref="DllNotFoundException">ParquetSharp has no native library for this machine (also as a TypeInitializationException).</exception>
    internal NativeParquetSource(string path)
        : base(path, ReadFooter) => windowed = new Lazy<bool>(HasLargeChunks);

    internal static bool IsMissingLibrary(Exception error) =>
        error is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
        || (error is TypeInitializationException { InnerException: { } inner } && IsMissingLibrary(inner));

    private protected override IOpenParquet OpenFile() => new NativeFile(Path, windowed.Value);

    private static (IReadOnlyList<ParquetNode> Roots, IReadOnlyList<long> ChunkRows) ReadFooter(string path)
    {
        using NativeFile native = new(path, windowed: false);
        using FileMetaData metadata = native.Reader.FileMetaData;
        using GroupNode root = metadata.Schema.GroupNode;
        IReadOnlyList<ParquetNode> roots = [.. root.Fields.Select(Convert)];
        return (roots, [.. Enumerable.Range(0, metadata.NumRowGroups).Select(g => native.Group(g).MetaData.NumRows)]);
    }

    private bool HasLargeChunks()
    {
        using NativeFile native = new(Path, windowed: false);
        for (int g = 0; g < ChunkRows.Count; g++)
        {
            RowGroupMetaData metadata = native.Group(g).MetaData;
            for (int c = 0; c < metadata.NumColumns; c++)
            {
                using ColumnChunkMetaData chunk = metadata.GetColumnChunkMetaData(c);
                if (chunk.TotalCompressedSize > WindowedAbove)
                {
                    return true;
                }
            }
        }

        return false;
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
