namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>parquet.thrift's PageType.</summary>
internal enum PageType
{
    Data = 0,
    Index = 1,
    Dictionary = 2,
    DataV2 = 3,
}

/// <summary>parquet.thrift's Encoding, as far as the decoder takes them.</summary>
internal enum PageEncoding
{
    Plain = 0,
    PlainDictionary = 2,
    Rle = 3,
    RleDictionary = 8,
}

/// <summary>A page's header. Sizes and counts are as declared and not yet believed, but none is negative.</summary>
internal record struct PageHeader
{
    public PageType Type { get; private set; }

    /// <summary>Bytes of the body once decompressed, levels included.</summary>
    public int Size { get; private set; }

    public int StoredSize { get; private set; }

    /// <summary>CRC-32 of the stored body, or null.</summary>
    public uint? Crc { get; private set; }

    /// <summary>Nulls included.</summary>
    public int Values { get; private set; }

    public PageEncoding Encoding { get; private set; }

    /// <summary>v1: how definition levels are stored.</summary>
    public PageEncoding LevelEncoding { get; private set; }

    /// <summary>v2 only.</summary>
    public int DefinitionBytes { get; private set; }

    /// <summary>v2 only.</summary>
    public int RepetitionBytes { get; private set; }

    /// <summary>v2 may leave the values as they are under any codec.</summary>
    public bool Compressed { get; private set; }

    /// <exception cref="EndOfStreamException">The header is longer than the bytes given.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static PageHeader Parse(ReadOnlySpan<byte> bytes, out int length)
    {
        ThriftReader reader = new(bytes);
        PageHeader header = new() { Type = (PageType)(-1), Size = -1, StoredSize = -1, Values = -1, Compressed = true };
        int id = 0;
        while (reader.NextField(ref id, out ThriftType type))
        {
            switch (id)
            {
                case 1:
                    header.Type = (PageType)reader.Int32(type);
                    break;
                case 2:
                    header.Size = reader.Int32(type);
                    break;
                case 3:
                    header.StoredSize = reader.Int32(type);
                    break;
                case 4:
                    header.Crc = (uint)reader.Int32(type);
                    break;
                case 5 or 7 or 8:
                    header.ParseBody(ref reader, type, id == 8);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        length = reader.Position;
        bool counted = header.Type == PageType.Index || header.Values >= 0;
        return header.Size >= 0 && header.StoredSize >= 0 && counted && header.DefinitionBytes >= 0 && header.RepetitionBytes >= 0
            ? header
            : throw new InvalidDataException("a page header without its sizes");
    }

    private void ParseBody(ref ThriftReader reader, ThriftType type, bool v2)
    {
        ThriftReader.Expect(type == ThriftType.Struct, type);
        int id = 0;
        while (reader.NextField(ref id, out type))
        {
            switch (id)
            {
                case 1:
                    Values = reader.Int32(type);
                    break;
                case 2 when !v2:
                case 4 when v2:
                    Encoding = (PageEncoding)reader.Int32(type);
                    break;
                case 3 when !v2 && type == ThriftType.I32:
                    LevelEncoding = (PageEncoding)reader.Int32(type);
                    break;
                case 5 when v2:
                    DefinitionBytes = reader.Int32(type);
                    break;
                case 6 when v2:
                    RepetitionBytes = reader.Int32(type);
                    break;
                case 7 when v2:
                    Compressed = ThriftReader.Bool(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }
}
