using System.Buffers.Binary;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// What a Parquet file says of itself, as far as flat columns need it: its schema and where column chunks lie.
/// Read by a strict parser of our own, so that a scan of plain columns loads no Parquet library at all.
/// </summary>
/// <param name="Roots">The top-level fields, in file order.</param>
/// <param name="RowGroups">In file order.</param>
internal sealed record ParquetFooter(IReadOnlyList<ParquetNode> Roots, IReadOnlyList<FooterRowGroup> RowGroups)
{
    private const int TailBytes = 8;
    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <exception cref="InvalidDataException">Not a Parquet file, or a damaged one.</exception>
    public static ParquetFooter Read(RandomFile file)
    {
        long length = file.Length;
        Span<byte> tail = stackalloc byte[TailBytes];
        if (length < TailBytes + 4 || file.ReadFully(tail, length - TailBytes) != TailBytes)
        {
            throw new InvalidDataException($"not a Parquet file: {length} bytes are too few");
        }

        if (tail[4..].SequenceEqual("PARE"u8))
        {
            throw new InvalidDataException("the footer is encrypted");
        }

        if (!tail[4..].SequenceEqual(Magic))
        {
            throw new InvalidDataException("not a Parquet file, or cut off: it does not end in PAR1");
        }

        uint footer = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (footer > length - TailBytes - 4)
        {
            throw new InvalidDataException($"a footer of {footer} bytes in a file of {length}");
        }

        byte[] bytes = new byte[footer];
        long start = length - TailBytes - footer;
        if (file.ReadFully(bytes, start) < bytes.Length)
        {
            throw new InvalidDataException("the footer ends early");
        }

        return new FooterParser(start).Parse(bytes);
    }
}

/// <param name="Rows">Rows of the group.</param>
/// <param name="Chunks">One per leaf.</param>
internal sealed record FooterRowGroup(long Rows, FooterChunk[] Chunks);

/// <param name="Start">Offset in the file of the chunk's first page.</param>
/// <param name="Length">Bytes of all its pages.</param>
/// <param name="Values">Nulls included.</param>
/// <param name="Codec">Parquet's number.</param>
/// <param name="Physical">Parquet's number, to be checked against the schema.</param>
/// <param name="Encodings">Bit set of Parquet's encoding numbers.</param>
/// <param name="Elsewhere">In another file, or encrypted.</param>
internal readonly record struct FooterChunk(
    long Start, long Length, long Values, int Codec, int Physical, ulong Encodings, bool Elsewhere);
