using System.Buffers.Binary;
using GpuDiag.Columns.Parquet.Pages;

namespace GpuDiag.Reports.Tables;

/// <summary>
/// A flat Parquet file, written front to back: row groups as they come, then the footer. Own code, because a general
/// writer's code costs a scan of a second a tenth of it, to compile.
/// </summary>
internal sealed class TableFile
{
    private readonly Stream stream;
    private readonly IReadOnlyList<TableField> fields;
    private readonly List<(long Start, ColumnChunk[] Chunks, long[] Sizes)> groups = [];
    private long position;

    public TableFile(Stream stream, IReadOnlyList<TableField> fields)
    {
        (this.stream, this.fields) = (stream, fields);
        Write("PAR1"u8);
    }

    /// <param name="chunks">One per field, of the same rows.</param>
    public void AddGroup(ColumnChunk[] chunks)
    {
        long start = position;
        var sizes = new long[chunks.Length];
        for (int c = 0; c < chunks.Length; c++)
        {
            sizes[c] = chunks[c].Bytes.Length;
            Write(chunks[c].Bytes);
            chunks[c].Dispose();
        }
        groups.Add((start, chunks, sizes));
    }

    /// <summary>Writes the footer: nothing may follow.</summary>
    public void Finish()
    {
        using var footer = new ThriftWriter();
        footer.Begin();
        footer.Int32(1, 1);
        footer.Structs(2, fields.Count + 1);
        footer.Begin();
        footer.Text(4, "schema");
        footer.Int32(5, fields.Count);
        footer.End();
        foreach (var field in fields)
            WriteField(footer, field);
        footer.Int64(3, groups.Sum(g => (long)g.Chunks[0].Rows));
        footer.Structs(4, groups.Count);
        foreach (var (start, chunks, sizes) in groups)
            WriteGroup(footer, start, chunks, sizes);
        footer.Text(6, "gpudiag");
        footer.End();
        Write(footer.Bytes);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Bytes.Length);
        Write(length);
        Write("PAR1"u8);
    }

    private static void WriteField(ThriftWriter footer, TableField field)
    {
        footer.Begin();
        footer.Int32(1, (int)field.Type);
        footer.Int32(3, field.Optional ? 1 : 0);
        footer.Text(4, field.Name);
        if (field.Type == TableType.Text)
        {
            footer.Int32(6, 0);
            footer.Begin(10);
            footer.Begin(1);
            footer.End();
            footer.End();
        }
        footer.End();
    }

    private void WriteGroup(ThriftWriter footer, long start, ColumnChunk[] chunks, long[] sizes)
    {
        footer.Begin();
        footer.Structs(1, chunks.Length);
        long at = start;
        for (int c = 0; c < chunks.Length; c++)
        {
            var chunk = chunks[c];
            footer.Begin();
            footer.Int64(2, at);
            footer.Begin(3);
            footer.Int32(1, (int)fields[c].Type);
            footer.Int32s(2, 2);
            footer.Element((int)chunk.Encoding);
            footer.Element((int)PageEncoding.Rle);
            footer.Texts(3, 1);
            footer.Element(fields[c].Name);
            footer.Int32(4, ColumnChunk.SnappyCodec);
            footer.Int64(5, chunk.Rows);
            footer.Int64(6, chunk.PlainBytes);
            footer.Int64(7, sizes[c]);
            footer.Int64(9, at + chunk.DataPage);
            if (chunk.DataPage > 0)
                footer.Int64(11, at);
            footer.End();
            footer.End();
            at += sizes[c];
        }
        footer.Int64(2, chunks.Sum(c => c.PlainBytes));
        footer.Int64(3, chunks[0].Rows);
        footer.End();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        position += bytes.Length;
    }
}
