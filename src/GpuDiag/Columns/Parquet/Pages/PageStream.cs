using System.Buffers.Binary;
using System.IO.Hashing;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// The pages of one column chunk, one after another: header, checksum, decompression, levels apart from values.
/// The bytes of a page are valid until the next, with 64 readable bytes past them.
/// </summary>
internal sealed unsafe class PageStream(RandomFile file) : IDisposable
{
    private const int HeaderBytes = 32 << 10;
    private const int LargestHeader = 16 << 20;

    private readonly ChunkWindow window = new(file);
    private readonly AlignedMemory page = new();
    private readonly PageCodec codecs = new();
    private int codec;
    private bool nullable;

    public PageHeader Header { get; private set; }

    /// <summary>Definition levels, hybrid-encoded; empty where every row has a value.</summary>
    public PageBytes Levels { get; private set; }

    public PageBytes Values { get; private set; }

    public void Start(in FooterChunk chunk, bool isNullable)
    {
        (codec, nullable) = (chunk.Codec, isNullable);
        window.Start(chunk.Start, chunk.Length);
    }

    /// <summary>Steps to the next dictionary or data page.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is damaged.</exception>
    public void Next()
    {
        do
        {
            Header = ReadHeader();
            byte* stored = window.Take(Header.StoredSize);
            PageBytes body = new(stored, Header.StoredSize);
            if (Header.Crc is uint crc && Crc32.HashToUInt32(body.Span) != crc)
            {
                throw new InvalidDataException("a page's checksum does not match its bytes");
            }

            switch (Header.Type)
            {
                case PageType.Dictionary:
                    (Levels, Values) = (default, Decompress(body, Header.Size));
                    return;
                case PageType.Data:
                    Split(Decompress(body, Header.Size));
                    return;
                case PageType.DataV2:
                    SplitV2(body);
                    return;
            }
        }
        while (true);
    }

    public void Dispose()
    {
        window.Dispose();
        page.Dispose();
        codecs.Dispose();
    }

    private PageHeader ReadHeader()
    {
        for (int peek = HeaderBytes; ; peek *= 8)
        {
            try
            {
                PageHeader header = PageHeader.Parse(window.Peek(peek), out int length);
                window.Take(length);
                return header;
            }
            catch (EndOfStreamException e) when (peek >= window.Left || peek >= LargestHeader)
            {
                throw new InvalidDataException("the column chunk ends before its rows do", e);
            }
            catch (EndOfStreamException)
            {
                // A header with long statistics: look at more of it.
            }
        }
    }

    private void Split(PageBytes body)
    {
        if (!nullable)
        {
            (Levels, Values) = (default, body);
            return;
        }

        if (Header.LevelEncoding != PageEncoding.Rle)
        {
            throw new InvalidDataException($"definition levels in encoding {(int)Header.LevelEncoding}");
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(body.Slice(0, 4).Span);
        Levels = body.Slice(4, length);
        Values = body.From(4 + length);
    }

    private void SplitV2(PageBytes body)
    {
        int levels = Header.DefinitionBytes;
        if (Header.RepetitionBytes != 0 || (!nullable && levels != 0))
        {
            throw new InvalidDataException("levels in a column that has none");
        }

        Levels = nullable ? body.Slice(0, levels) : default;
        PageBytes stored = body.From(levels);
        Values = Header.Compressed ? Decompress(stored, Header.Size - levels) : stored;
    }

    private PageBytes Decompress(PageBytes stored, int size)
    {
        if (codec == PageCodec.Uncompressed || (size == 0 && stored.Length == 0))
        {
            return stored.Length == size
                ? stored
                : throw new InvalidDataException($"an uncompressed page of {stored.Length} bytes that declares {size}");
        }

        // No real page shrinks more than this: a declared size costs memory only in proportion to the file.
        if (size < 0 || size > Math.Max(64L << 20, 1024L * stored.Length))
        {
            throw new InvalidDataException($"a page of {stored.Length} bytes declares {size} decompressed");
        }

        page.Reserve((nuint)size);
        Span<byte> bytes = page.Span<byte>(size);
        codecs.Decompress(codec, stored.Span, bytes);
        return new PageBytes((byte*)page.Pointer, size);
    }
}
