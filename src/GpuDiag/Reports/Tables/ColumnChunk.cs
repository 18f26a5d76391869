using System.IO.Hashing;
using GpuDiag.Columns.Parquet.Pages;
using Snappier;

namespace GpuDiag.Reports.Tables;

/// <summary>
/// A column's values in one row group as they stand in a Parquet file: at most a dictionary page, then one data page
/// (version 1), snappy, with checksums.
/// </summary>
internal sealed class ColumnChunk(int rows, bool optional) : IDisposable
{
    public const int SnappyCodec = 1;

    private byte[] present = new byte[optional ? (rows + 7) / 8 : 0];
    private readonly ByteBuffer stored = new(1 << 8);
    private int seen, nulls;

    public int Rows => rows;

    /// <summary>The pages, headers included.</summary>
    public ReadOnlySpan<byte> Bytes => stored.Span;

    /// <summary>Bytes of the pages if they were not compressed, headers included.</summary>
    public long PlainBytes { get; private set; }

    /// <summary>Where the data page begins: behind the dictionary, if there is one.</summary>
    public int DataPage { get; private set; }

    /// <summary>The encoding of the values.</summary>
    public PageEncoding Encoding { get; private set; }

    /// <summary>Says of the next row whether it has a value. For optional columns, once per row.</summary>
    public void Mark(bool hasValue)
    {
        if (hasValue)
            present[seen >> 3] |= (byte)(1 << (seen & 7));
        else
            nulls++;
        seen++;
    }

    public void AddDictionary(int values, ReadOnlySpan<byte> plain)
    {
        AddPage(PageType.Dictionary, values, PageEncoding.Plain, plain);
        DataPage = stored.Length;
    }

    /// <summary>Writes the data page: what <see cref="Mark"/> said, then the values of rows that have one.</summary>
    public void AddData(PageEncoding encoding, ReadOnlySpan<byte> values)
    {
        Encoding = encoding;
        if (!optional)
        {
            AddPage(PageType.Data, rows, encoding, values);
            return;
        }
        using ByteBuffer levels = new(present.Length + 16);
        bool mixed = nulls > 0 && nulls < rows;
        // One run: of one value repeated, or of bits.
        levels.Varint(mixed ? ((ulong)present.Length << 1) | 1 : (ulong)rows << 1);
        levels.Add(mixed ? present : [(byte)(nulls == 0 ? 1 : 0)]);
        using ByteBuffer body = new(checked(sizeof(int) + levels.Length + values.Length));
        body.Add(levels.Length);
        body.Add(levels.Span);
        body.Add(values);
        AddPage(PageType.Data, rows, encoding, body.Span);
    }

    /// <summary>Lets go of the pages once they are written; what the footer says of them stays.</summary>
    public void Dispose()
    {
        stored.Dispose();
        present = [];
    }

    private void AddPage(PageType type, int values, PageEncoding encoding, ReadOnlySpan<byte> body)
    {
        int most = Snappy.GetMaxCompressedLength(body.Length);
        using ByteBuffer compressed = new(most);
        Span<byte> room = compressed.Take(most);
        Span<byte> page = room[..Snappy.Compress(body, room)];
        using var header = new ThriftWriter();
        header.Begin();
        header.Int32(1, (int)type);
        header.Int32(2, body.Length);
        header.Int32(3, page.Length);
        header.Int32(4, (int)Crc32.HashToUInt32(page));
        header.Begin(type == PageType.Data ? 5 : 7);
        header.Int32(1, values);
        header.Int32(2, (int)encoding);
        if (type == PageType.Data)
        {
            header.Int32(3, (int)PageEncoding.Rle);
            header.Int32(4, (int)PageEncoding.Rle);
        }
        header.End();
        header.End();
        stored.Add(header.Bytes);
        stored.Add(page);
        PlainBytes += header.Bytes.Length + body.Length;
    }
}
