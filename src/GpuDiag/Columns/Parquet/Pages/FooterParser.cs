namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// Parses FileMetaData (Thrift, parquet-format 2.x). Field numbers are those of parquet.thrift.
/// </summary>
/// <param name="dataEnd">Offset in the file at which pages end: every chunk must lie before it.</param>
internal sealed class FooterParser(long dataEnd)
{
    public ParquetFooter Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return File(new ThriftReader(bytes));
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("the footer is damaged: " + e.Message, e);
        }
    }

    private ParquetFooter File(ThriftReader reader)
    {
        SchemaParser schema = new();
        List<FooterRowGroup> groups = [];
        long rows = -1;
        int id = 0;
        while (reader.NextField(ref id, out ThriftType type))
        {
            switch (id)
            {
                case 2:
                    for (int n = reader.ListHeader(type, out ThriftType e); n > 0; n--)
                    {
                        schema.Add(ref reader, e);
                    }

                    break;
                case 3:
                    rows = reader.Int64(type);
                    break;
                case 4:
                    for (int n = reader.ListHeader(type, out ThriftType e); n > 0; n--)
                    {
                        groups.Add(RowGroup(ref reader, e));
                    }

                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        IReadOnlyList<ParquetNode> roots = schema.Roots();
        int leaves = roots.Sum(r => r.Leaves);
        long sum = 0;
        foreach (FooterRowGroup group in groups)
        {
            if (group.Chunks.Length != leaves)
            {
                throw new InvalidDataException($"a row group of {group.Chunks.Length} columns where the schema has {leaves}");
            }

            sum += group.Rows;
            if (sum < 0)
            {
                throw new InvalidDataException("more rows than a 64-bit count holds");
            }
        }

        return sum == rows
            ? new ParquetFooter(roots, groups)
            : throw new InvalidDataException($"the row groups hold {sum} rows, the file says {rows}");
    }

    private FooterRowGroup RowGroup(ref ThriftReader reader, ThriftType type)
    {
        ThriftReader.Expect(type == ThriftType.Struct, type);
        List<FooterChunk> chunks = [];
        long rows = -1;
        int id = 0;
        while (reader.NextField(ref id, out type))
        {
            switch (id)
            {
                case 1:
                    for (int n = reader.ListHeader(type, out ThriftType e); n > 0; n--)
                    {
                        chunks.Add(Chunk(ref reader, e));
                    }

                    break;
                case 3:
                    rows = reader.Int64(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return rows >= 0
            ? new FooterRowGroup(rows, [.. chunks])
            : throw new InvalidDataException($"a row group of {rows} rows");
    }

    private FooterChunk Chunk(ref ThriftReader reader, ThriftType type)
    {
        ThriftReader.Expect(type == ThriftType.Struct, type);
        FooterChunk chunk = default;
        bool elsewhere = false;
        bool described = false;
        int id = 0;
        while (reader.NextField(ref id, out type))
        {
            switch (id)
            {
                case 3:
                    chunk = ChunkMetadata(ref reader, type);
                    described = true;
                    break;
                case 1 or 8 or 9:
                    elsewhere = true;
                    reader.Skip(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (!elsewhere && !described)
        {
            throw new InvalidDataException("a column chunk without metadata");
        }

        return chunk with { Elsewhere = elsewhere };
    }

    private FooterChunk ChunkMetadata(ref ThriftReader reader, ThriftType type)
    {
        ThriftReader.Expect(type == ThriftType.Struct, type);
        FooterChunk chunk = new(0, -1, -1, -1, -1, 0, false);
        long dictionary = 0;
        int id = 0;
        while (reader.NextField(ref id, out type))
        {
            switch (id)
            {
                case 1:
                    chunk = chunk with { Physical = reader.Int32(type) };
                    break;
                case 2:
                    for (int n = reader.ListHeader(type, out ThriftType e); n > 0; n--)
                    {
                        int encoding = reader.Int32(e);
                        chunk = chunk with { Encodings = chunk.Encodings | 1UL << (encoding is >= 0 and < 63 ? encoding : 63) };
                    }

                    break;
                case 4:
                    chunk = chunk with { Codec = reader.Int32(type) };
                    break;
                case 5:
                    chunk = chunk with { Values = reader.Int64(type) };
                    break;
                case 7:
                    chunk = chunk with { Length = reader.Int64(type) };
                    break;
                case 9:
                    chunk = chunk with { Start = reader.Int64(type) };
                    break;
                case 11:
                    dictionary = reader.Int64(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        // Some writers leave 0 in the dictionary's offset where there is none.
        if (dictionary > 0 && dictionary < chunk.Start)
        {
            chunk = chunk with { Start = dictionary };
        }

        if (chunk.Values == 0)
        {
            // A chunk without values may have no data page; its offset is 0 then.
            return chunk with { Start = 4, Length = 0 };
        }

        return chunk.Start >= 4 && chunk.Length >= 0 && chunk.Length <= dataEnd - chunk.Start && chunk.Values >= 0
            ? chunk
            : throw new InvalidDataException($"a column chunk of {chunk.Length} bytes at {chunk.Start}, outside the file");
    }
}
