namespace GpuDiag.Columns.Arrow;

/// <summary>Where a record batch or dictionary batch lies in the file.</summary>
/// <param name="Metadata">Position of the FlatBuffers message.</param>
/// <param name="MetadataBytes">Its length.</param>
/// <param name="Body">Position of the buffers.</param>
internal readonly record struct ArrowBlock(long Metadata, int MetadataBytes, long Body, long BodyBytes);

/// <summary>A dictionary's values, or further ones.</summary>
/// <param name="Before">How many record batches stand before it: it holds for the later ones.</param>
/// <param name="IsDelta">Adds to the values so far instead of replacing them.</param>
internal readonly record struct ArrowDictionaryBlock(long Id, ArrowBlock Block, int Before, bool IsDelta);

/// <summary>
/// The table of contents of an Arrow IPC file (Feather 2), from its footer, or of a stream, by walking its messages.
/// </summary>
internal sealed class ArrowIndex
{
    private const int SchemaHeader = 1;
    private const int DictionaryHeader = 2;
    private const int BatchHeader = 3;

    private readonly MappedFile file;
    private readonly List<ArrowBlock> batches = [];
    private readonly List<long> rows = [];
    private readonly List<ArrowDictionaryBlock> dictionaries = [];

    internal ArrowIndex(MappedFile file, bool isStream)
    {
        this.file = file;
        Fields = isStream ? WalkStream() : ReadFooter();
    }

    internal IReadOnlyList<ArrowField> Fields { get; }

    internal IReadOnlyList<ArrowBlock> Batches => batches;

    internal IReadOnlyList<long> Rows => rows;

    internal IReadOnlyList<ArrowDictionaryBlock> Dictionaries => dictionaries;

    /// <summary>The FlatBuffers message of a block.</summary>
    internal FlatTable Message(ArrowBlock block) => FlatTable.Root(file.Span(block.Metadata, block.MetadataBytes));

    private IReadOnlyList<ArrowField> ReadFooter()
    {
        const int Tail = 10;
        if (file.Length < 8 + Tail || !file.Span(file.Length - 6, 6).SequenceEqual("ARROW1"u8))
        {
            throw new InvalidDataException("the file ends before its footer");
        }

        int bytes = FlatTable.Int32(file.Span(file.Length - Tail, 4), 0);
        FlatTable footer = FlatTable.Root(file.Span(file.Length - Tail - bytes, bytes));
        IReadOnlyList<ArrowField> fields = ArrowSchema.Fields(footer.Table(1));
        for (int i = 0; i < footer.Count(2); i++)
        {
            AddDictionary(Block(footer.StructAt(2, i, 24)));
        }

        for (int i = 0; i < footer.Count(3); i++)
        {
            AddBatch(Block(footer.StructAt(3, i, 24)));
        }

        return fields;
    }

    private ArrowBlock Block(ReadOnlySpan<byte> entry)
    {
        long offset = FlatTable.Int64(entry, 0);
        int metadata = FlatTable.Int32(entry, 8);

        // Files from before format 0.15 have no continuation marker before the length.
        int prefix = FlatTable.Int32(file.Span(offset, 4), 0) == -1 ? 8 : 4;
        if (metadata < prefix)
        {
            throw new InvalidDataException("a message has an impossible length");
        }

        return new ArrowBlock(offset + prefix, metadata - prefix, offset + metadata, FlatTable.Int64(entry, 16));
    }

    private IReadOnlyList<ArrowField> WalkStream()
    {
        IReadOnlyList<ArrowField>? fields = null;
        long position = 0;
        while (position < file.Length)
        {
            ReadOnlySpan<byte> prefix = file.Span(position, 8);
            int bytes = FlatTable.Int32(prefix, 4);
            if (FlatTable.Int32(prefix, 0) != -1 || bytes < 0)
            {
                throw new InvalidDataException($"no message at byte {position}");
            }

            if (bytes == 0)
            {
                break;
            }

            FlatTable message = FlatTable.Root(file.Span(position + 8, bytes));
            ArrowBlock block = new(position + 8, bytes, position + 8 + bytes, message.Int64(3));
            if (block.BodyBytes < 0 || block.BodyBytes > file.Length - block.Body)
            {
                throw new InvalidDataException("the file ends in the middle of a message");
            }

            switch (message.Byte(1))
            {
                case SchemaHeader when fields is null:
                    fields = ArrowSchema.Fields(message.Table(2));
                    break;
                case DictionaryHeader:
                    AddDictionary(block);
                    break;
                case BatchHeader:
                    AddBatch(block);
                    break;
                default:
                    throw new InvalidDataException("a message is neither a schema, nor a dictionary, nor a batch");
            }

            position = block.Body + block.BodyBytes;
        }

        return fields ?? throw new InvalidDataException("the stream has no schema");
    }

    private void AddDictionary(ArrowBlock block)
    {
        FlatTable header = Header(block, DictionaryHeader);
        dictionaries.Add(new ArrowDictionaryBlock(header.Int64(0), block, batches.Count, header.Bool(2)));
    }

    private void AddBatch(ArrowBlock block)
    {
        long length = Header(block, BatchHeader).Int64(0);
        batches.Add(block);
        rows.Add(length >= 0 ? length : throw new InvalidDataException("a batch has a negative length"));
    }

    private FlatTable Header(ArrowBlock block, int type)
    {
        FlatTable message = Message(block);
        return message.Byte(1) == type ? message.Table(2) : throw new InvalidDataException("a message is not what the footer says");
    }
}
