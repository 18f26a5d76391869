using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using PlainField = Apache.Arrow.Field;
using Schema = Apache.Arrow.Schema;

namespace GpuDiag.Columns.Arrow;

/// <summary>
/// Named pieces of bytes in one Arrow IPC file: columns <c>section</c> (text) and <c>content</c> (bytes, zstd), one record batch per piece, and in
/// the schema's metadata a kind, a text about the whole, and a checksum (XXH128) over text, names and pieces.
/// </summary>
internal static class SectionFile
{
    private const string Kind = "gpudiag.kind", About = "gpudiag.about", Sum = "gpudiag.xxh128";

    /// <summary>Bytes of a piece of a section at most: an Arrow binary column holds less than 2 GiB.</summary>
    private const int Piece = 1 << 28;

    /// <returns>The checksum.</returns>
    public static string Write(Stream stream, string kind, string about, IReadOnlyList<(string Name, byte[] Content)> sections)
    {
        string sum = Checksum(about, sections);
        Schema schema = new(
            [new PlainField("section", StringType.Default, false), new PlainField("content", BinaryType.Default, false)],
            new Dictionary<string, string> { [Kind] = kind, [About] = about, [Sum] = sum });
        IpcOptions options = new() { CompressionCodec = CompressionCodecType.Zstd, CompressionCodecFactory = new CompressionCodecFactory() };
        using ArrowFileWriter writer = new(stream, schema, leaveOpen: true, options);
        writer.WriteStart();
        foreach ((string name, byte[] content) in sections)
        {
            for (long at = 0; at < content.Length || at == 0; at += Piece)
            {
                using StringArray names = new StringArray.Builder().Append(name).Build();
                using BinaryArray contents = new BinaryArray.Builder().Append(content.AsSpan((int)at, (int)Math.Min(Piece, content.Length - at))).Build();
                using RecordBatch batch = new(schema, [names, contents], 1);
                writer.WriteRecordBatch(batch);
            }
        }

        writer.WriteEnd();
        return sum;
    }

    /// <exception cref="InputException">The file is none of this kind, or damaged.</exception>
    public static (string About, string Checksum, List<(string Name, byte[] Content)> Sections) Read(string path, string kind, string remedy)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using ArrowFileReader reader = new(stream, new CompressionCodecFactory());
            List<(string Name, byte[] Content)> sections = [];
            while (reader.ReadNextRecordBatch() is { } batch)
            {
                using (batch)
                {
                    string name = Encoding.UTF8.GetString(Bytes(batch, 0, path));
                    byte[] content = Bytes(batch, 1, path).ToArray();
                    if (sections.Count > 0 && sections[^1].Name == name)
                    {
                        sections[^1] = (name, [.. sections[^1].Content, .. content]);
                    }
                    else
                    {
                        sections.Add((name, content));
                    }
                }
            }

            (string about, string sum) = Described(reader.Schema, path, kind, remedy);
            return sum == Checksum(about, sections) ? (about, sum, sections) : throw ReadFault.Corrupt("the checksum does not agree", path);
        }
        catch (Exception fault) when (ReadFault.Wraps(fault))
        {
            throw ReadFault.From(fault, path);
        }
    }

    /// <summary>Reads the text about the whole and the checksum, which is not held against the pieces.</summary>
    /// <exception cref="InputException">The file is none of this kind.</exception>
    public static (string About, string Checksum) Peek(string path, string kind, string remedy)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using ArrowFileReader reader = new(stream, new CompressionCodecFactory());
            return Described(reader.Schema, path, kind, remedy);
        }
        catch (Exception fault) when (ReadFault.Wraps(fault))
        {
            throw ReadFault.From(fault, path);
        }
    }

    /// <summary>The one value of a column of text or bytes. The library's arrays take offsets as they stand in the file, and read wherever these point.</summary>
    private static ReadOnlySpan<byte> Bytes(RecordBatch batch, int column, string path)
    {
        ArrayData data = batch.ColumnCount > column ? batch.Column(column).Data : throw ReadFault.Corrupt("columns are missing", path);
        if (data.DataType.TypeId is not (ArrowTypeId.String or ArrowTypeId.Binary) || data is not { Length: 1, Offset: 0, Buffers.Length: 3 })
        {
            throw ReadFault.Corrupt("a piece is none", path);
        }

        ReadOnlySpan<byte> offsets = data.Buffers[1].Span, values = data.Buffers[2].Span;
        int start = BinaryPrimitives.ReadInt32LittleEndian(offsets), end = BinaryPrimitives.ReadInt32LittleEndian(offsets[sizeof(int)..]);
        return values[start..end];
    }

    private static (string About, string Checksum) Described(Schema? schema, string path, string kind, string remedy) =>
        schema?.Metadata is { } metadata && metadata.GetValueOrDefault(Kind) == kind && metadata.GetValueOrDefault(About) is { } about && metadata.GetValueOrDefault(Sum) is { } sum ? (about, sum)
        : throw new InputException("is none of gpudiag's states", path, remedy: remedy);

    private static string Checksum(string about, IReadOnlyList<(string Name, byte[] Content)> sections)
    {
        XxHash128 hash = new();
        Add(Encoding.UTF8.GetBytes(about));
        foreach ((string name, byte[] content) in sections)
        {
            Add(Encoding.UTF8.GetBytes(name));
            Add(content);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());

        void Add(byte[] bytes)
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, bytes.LongLength);
            hash.Append(length);
            hash.Append(bytes);
        }
    }
}
