namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>Parses the schema part of FileMetaData into the tree that it lists depth first.</summary>
internal sealed class SchemaParser
{
    private const int MaxLevels = 64;
    private readonly List<SchemaElement> elements = [];
    private int next;

    public void Add(ref ThriftReader reader, ThriftType type)
    {
        ThriftReader.Expect(type == ThriftType.Struct, type);
        SchemaElement element = new();
        int id = 0;
        while (reader.NextField(ref id, out type))
        {
            switch (id)
            {
                case 1:
                    element = element with { Physical = reader.Int32(type) };
                    break;
                case 2:
                    element = element with { Length = reader.Int32(type) };
                    break;
                case 3:
                    element = element with { Repetition = reader.Int32(type) };
                    break;
                case 4:
                    element = element with { Name = reader.Text(type) };
                    break;
                case 5:
                    element = element with { Children = reader.Int32(type) };
                    break;
                case 6:
                    element = element with { Converted = reader.Int32(type) };
                    break;
                case 7:
                    element = element with { Scale = reader.Int32(type) };
                    break;
                case 10:
                    element = Logical(element, ref reader, type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (element.Repetition is < 0 or > 2 || element.Children < 0)
        {
            throw new InvalidDataException($"schema element '{element.Name}' makes no sense");
        }

        elements.Add(element);
    }

    /// <summary>The children of the root.</summary>
    public IReadOnlyList<ParquetNode> Roots()
    {
        if (elements.Count == 0)
        {
            throw new InvalidDataException("the footer has no schema");
        }

        next = 1;
        IReadOnlyList<ParquetNode> roots = Children(elements[0].Children, MaxLevels);
        return next == elements.Count
            ? roots
            : throw new InvalidDataException($"the schema lists {elements.Count} elements and uses {next}");
    }

    private List<ParquetNode> Children(int count, int levels)
    {
        List<ParquetNode> nodes = [];
        for (; count > 0; count--)
        {
            if (next >= elements.Count || levels == 0)
            {
                throw new InvalidDataException("the schema's tree does not close");
            }

            SchemaElement element = elements[next++];
            nodes.Add(element.ToNode(Children(element.Children, levels - 1)));
        }

        return nodes;
    }

    private static SchemaElement Logical(SchemaElement element, ref ThriftReader reader, ThriftType type)
    {
        const int Timestamp = 8;
        const int Integer = 10;
        ThriftReader.Expect(type == ThriftType.Struct, type);
        int member = 0;
        while (reader.NextField(ref member, out type))
        {
            element = element with { Logical = member };
            if (member is not (Timestamp or Integer) || type != ThriftType.Struct)
            {
                reader.Skip(type);
                continue;
            }

            int id = 0;
            while (reader.NextField(ref id, out type))
            {
                switch (member, id)
                {
                    case (Integer, 2):
                        element = element with { Signed = ThriftReader.Bool(type) };
                        break;
                    case (Timestamp, 1):
                        element = element with { Utc = ThriftReader.Bool(type) };
                        break;
                    case (Timestamp, 2) when type == ThriftType.Struct:
                        element = element with { Unit = Member(ref reader) };
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }
        }

        return element;
    }

    /// <summary>Which member a union of empty structs has.</summary>
    private static int Member(ref ThriftReader reader)
    {
        int member = 0;
        int id = 0;
        while (reader.NextField(ref id, out ThriftType type))
        {
            member = id;
            reader.Skip(type);
        }

        return member;
    }
}
