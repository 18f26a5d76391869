namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// Reads chunks of one flat column, straight into a batch's column, whatever the sizes of pages and batches.
/// For one thread. Memory is bounded by the largest page; nothing is allocated once warm.
/// Faults of the data are <see cref="InvalidDataException"/> and <see cref="IOException"/>: the source words them.
/// </summary>
internal sealed class PageChunkReader : IDisposable
{
    // PLAIN, PLAIN_DICTIONARY, RLE, BIT_PACKED (of absent levels; some writers list it) and RLE_DICTIONARY.
    private const ulong KnownEncodings = 1 << 0 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 8;

    private readonly ValueKind kind;
    private readonly bool nullable;
    private readonly PageStream pages;
    private readonly PageValues values;
    private readonly Presence presence = new();
    private long rowsLeft;
    private int pageLeft;
    private bool data;

    /// <param name="file">Shared with other readers.</param>
    /// <param name="leaf">A leaf that <see cref="Supports(ParquetLeaf, ColumnForm)"/> approves.</param>
    /// <param name="request">The form, and the domain of codes.</param>
    /// <param name="unpacker">The hot loop.</param>
    public PageChunkReader(RandomFile file, ParquetLeaf leaf, ColumnRequest request, IndexUnpacker unpacker)
    {
        kind = ValueKinds.Of(leaf) ?? throw new ArgumentException("a leaf that the decoder does not take", nameof(leaf));
        nullable = leaf.MaxDefinition > 0;
        pages = new PageStream(file);
        values = request.Form switch
        {
            ColumnForm.Codes => new CodeValues(
                kind,
                new IntegerCodes(request.Domain!, LeafReaders.LongText(leaf)),
                new TextCodes(request.Domain!, LeafReaders.BytesText(leaf, isCode: true)),
                unpacker),
            ColumnForm.Numbers => new NumberValues(kind),
            _ => new TextValues(kind, LeafReaders.LongText(leaf), LeafReaders.BytesText(leaf, isCode: false)),
        };
    }

    /// <summary>Whether this decoder can carry the column in that form, as far as its type tells.</summary>
    public static bool Supports(ParquetLeaf leaf, ColumnForm form) => ValueKinds.Of(leaf) is { } kind && form switch
    {
        ColumnForm.Codes => kind is not (ValueKind.Float or ValueKind.Double),
        ColumnForm.Numbers => kind != ValueKind.Bytes
            && (kind is ValueKind.Float or ValueKind.Double || leaf.Node.Meaning == ParquetMeaning.Plain || kind == ValueKind.UInt32),
        ColumnForm.Text => true,
        _ => false,
    };

    /// <summary>Whether this decoder knows the codec and encodings of a chunk.</summary>
    public static bool Supports(in FooterChunk chunk) =>
        !chunk.Elsewhere && PageCodec.Supports(chunk.Codec) && (chunk.Encodings & ~KnownEncodings) == 0;

    public void Start(in FooterChunk chunk, long rows)
    {
        if (chunk.Values != rows || chunk.Physical != kind.Physical())
        {
            throw new InvalidDataException($"a column chunk of {chunk.Values} values of type {chunk.Physical} in a row group of {rows} rows");
        }

        (rowsLeft, pageLeft, data) = (rows, 0, false);
        pages.Start(chunk, nullable);
        values.StartChunk();
    }

    /// <summary>
    /// Reads the chunk's next rows into the batch, from row <paramref name="offset"/> on. At offset 0 the column
    /// settles its width first.
    /// </summary>
    public void Read(Column target, int offset, int rows)
    {
        while (rows > 0)
        {
            if (pageLeft == 0)
            {
                NextPage();
            }

            if (offset == 0)
            {
                values.Begin(target);
            }

            int take = Math.Min(pageLeft, rows);
            values.Read(target, offset, take, presence.Read(take), presence);
            (pageLeft, rowsLeft, offset, rows) = (pageLeft - take, rowsLeft - take, offset + take, rows - take);
        }
    }

    /// <summary>Passes over the chunk's next rows.</summary>
    public void Skip(int rows)
    {
        while (rows > 0)
        {
            if (pageLeft == 0)
            {
                NextPage();
            }

            int take = Math.Min(pageLeft, rows);
            values.Skip(presence.Read(take));
            (pageLeft, rowsLeft, rows) = (pageLeft - take, rowsLeft - take, rows - take);
        }
    }

    public void Dispose()
    {
        pages.Dispose();
        values.Dispose();
        presence.Dispose();
    }

    private void NextPage()
    {
        while (pageLeft == 0)
        {
            pages.Next();
            if (pages.Header.Type == PageType.Dictionary)
            {
                if (data)
                {
                    throw new InvalidDataException("a dictionary after the data it belongs to");
                }

                values.LoadDictionary(pages.Values, pages.Header.Values);
                continue;
            }

            data = true;
            pageLeft = pages.Header.Values;
            if (pageLeft > rowsLeft)
            {
                throw new InvalidDataException($"a page of {pageLeft} rows where {rowsLeft} are left");
            }

            presence.Start(pages.Levels, nullable);
            values.StartPage(pages.Values, pages.Header.Encoding);
        }
    }
}
