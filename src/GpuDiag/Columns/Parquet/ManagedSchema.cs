using Parquet.Meta;

namespace GpuDiag.Columns.Parquet;

/// <summary>Parquet.Net's flat list of schema elements as a tree.</summary>
internal static class ManagedSchema
{
    private const int MostDepth = 64;

    internal static IReadOnlyList<ParquetNode> Roots(IReadOnlyList<SchemaElement> elements)
    {
        int next = 1;
        ParquetNode[] roots = Children(elements, elements.Count > 0 ? elements[0].NumChildren ?? 0 : 0, ref next, 0);
        return next == elements.Count ? roots : throw new InvalidDataException("the schema has elements that belong nowhere");
    }

    internal static void RemoveAnnotations(IEnumerable<SchemaElement> elements)
    {
        foreach (SchemaElement leaf in elements.Where(e => e.Type is not null))
        {
            (leaf.LogicalType, leaf.ConvertedType, leaf.Scale, leaf.Precision) = (null, null, null, null);
        }
    }

    private static ParquetNode[] Children(IReadOnlyList<SchemaElement> elements, int count, ref int next, int depth)
    {
        if (depth > MostDepth || count < 0 || count > elements.Count - next)
        {
            throw new InvalidDataException("the schema's nesting is damaged");
        }

        ParquetNode[] nodes = new ParquetNode[count];
        for (int i = 0; i < count; i++)
        {
            SchemaElement element = next < elements.Count ? elements[next++] : throw new InvalidDataException("the schema's nesting is damaged");
            ParquetNode node = Convert(element);
            nodes[i] = node.IsLeaf ? node : node with { Children = Children(elements, element.NumChildren ?? 0, ref next, depth + 1) };
        }

        return nodes;
    }

    private static ParquetNode Convert(SchemaElement element)
    {
        LogicalType? logical = element.LogicalType;
        return new ParquetNode(
            element.Name,
            element.RepetitionType switch
            {
                FieldRepetitionType.REQUIRED => ParquetRepetition.Required,
                FieldRepetitionType.REPEATED => ParquetRepetition.Repeated,
                _ => ParquetRepetition.Optional,
            },
            element.Type switch
            {
                null => ParquetPhysical.None,
                global::Parquet.Meta.Type.BOOLEAN => ParquetPhysical.Boolean,
                global::Parquet.Meta.Type.INT32 => ParquetPhysical.Int32,
                global::Parquet.Meta.Type.INT64 => ParquetPhysical.Int64,
                global::Parquet.Meta.Type.INT96 => ParquetPhysical.Int96,
                global::Parquet.Meta.Type.FLOAT => ParquetPhysical.Float,
                global::Parquet.Meta.Type.DOUBLE => ParquetPhysical.Double,
                global::Parquet.Meta.Type.FIXED_LEN_BYTE_ARRAY => ParquetPhysical.FixedBytes,
                _ => ParquetPhysical.Bytes,
            },
            logical is null ? Converted(element.ConvertedType) : Logical(logical),
            element.TypeLength ?? 0,
            logical?.DECIMAL?.Scale ?? element.Scale ?? 0,
            logical?.TIMESTAMP?.Unit is { } unit
                ? (unit.MILLIS is not null ? 1000 : unit.MICROS is not null ? 1_000_000 : 1_000_000_000)
                : element.ConvertedType == ConvertedType.TIMESTAMP_MILLIS ? 1000 : 1_000_000,
            logical?.TIMESTAMP?.IsAdjustedToUTC ?? element.ConvertedType is ConvertedType.TIMESTAMP_MILLIS or ConvertedType.TIMESTAMP_MICROS);
    }

    private static ParquetMeaning Logical(LogicalType type) => type switch
    {
        { STRING: not null } or { ENUM: not null } or { JSON: not null } => ParquetMeaning.Text,
        { BSON: not null } => ParquetMeaning.Plain,
        { INTEGER: { } integer } => integer.IsSigned ? ParquetMeaning.Plain : ParquetMeaning.Unsigned,
        { DECIMAL: not null } => ParquetMeaning.Decimal,
        { DATE: not null } => ParquetMeaning.Date,
        { TIMESTAMP: not null } => ParquetMeaning.Timestamp,
        { UUID: not null } => ParquetMeaning.Uuid,
        { FLOAT16: not null } => ParquetMeaning.Float16,
        { LIST: not null } => ParquetMeaning.List,
        { UNKNOWN: not null } => ParquetMeaning.Null,
        _ => ParquetMeaning.Other,
    };

    private static ParquetMeaning Converted(ConvertedType? type) => type switch
    {
        null or ConvertedType.BSON or ConvertedType.INT_8 or ConvertedType.INT_16 or ConvertedType.INT_32 or ConvertedType.INT_64 =>
            ParquetMeaning.Plain,
        ConvertedType.UTF8 or ConvertedType.ENUM or ConvertedType.JSON => ParquetMeaning.Text,
        ConvertedType.UINT_8 or ConvertedType.UINT_16 or ConvertedType.UINT_32 or ConvertedType.UINT_64 => ParquetMeaning.Unsigned,
        ConvertedType.DECIMAL => ParquetMeaning.Decimal,
        ConvertedType.DATE => ParquetMeaning.Date,
        ConvertedType.TIMESTAMP_MILLIS or ConvertedType.TIMESTAMP_MICROS => ParquetMeaning.Timestamp,
        ConvertedType.LIST => ParquetMeaning.List,
        _ => ParquetMeaning.Other,
    };
}
