using System.Buffers;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;

namespace GpuDiag.Columns.Arrow;

/// <summary>Bytes of a record batch: in the mapped file, or decompressed. May exceed 2 GiB.</summary>
internal readonly unsafe record struct ArrowBuffer(nint Pointer, long Length, bool IsMapped)
{
    /// <exception cref="InvalidDataException">The range is not within the buffer.</exception>
    internal ReadOnlySpan<byte> Span(long start, long bytes)
    {
        if (start < 0 || bytes < 0 || bytes > int.MaxValue || start > Length || bytes > Length - start)
        {
            throw new InvalidDataException($"a column needs {bytes} bytes at {start} of a buffer of {Length}");
        }

        return new ReadOnlySpan<byte>((byte*)Pointer + start, (int)bytes);
    }

    internal ReadOnlySpan<T> Values<T>(long start, int count)
        where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(Span(start * sizeof(T), (long)count * sizeof(T)));
}

/// <summary>One field of one record batch: its row and null counts and its buffers, in the order of the format.</summary>
internal sealed record ArrowVector(ArrowField Field, long Length, long Nulls, ArrowBuffer[] Buffers, ArrowVector? Child)
{
    /// <summary>Of an image's struct: one per field of it, as long as itself. Else empty.</summary>
    internal IReadOnlyList<ArrowVector> Parts { get; init; } = [];

    /// <summary>Whether the row has a value. Rows are null by a cleared bit in the first buffer.</summary>
    internal bool IsValid(long row) => Nulls == 0 || (Buffers[0].Span(row >> 3, 1)[0] >> (int)(row & 7) & 1) != 0;
}

/// <summary>Finds a field's buffers in a record batch, decompressing them where the batch is compressed.</summary>
internal static class ArrowBody
{
    /// <summary>No codec packs tighter, so a buffer that claims to is damaged, and is not allocated.</summary>
    private const long GreatestRatio = 40_000;

    private static readonly CompressionCodecFactory Codecs = new();

    /// <param name="fields">All fields of the batch, in schema order.</param>
    /// <param name="wanted">Index of the field to find.</param>
    /// <param name="memory">Receives what is decompressed; disposed of by the caller.</param>
    internal static ArrowVector Find(
        MappedFile file, ArrowBlock block, FlatTable batch, IReadOnlyList<ArrowField> fields, int wanted, List<AlignedMemory> memory)
    {
        Place place = new(file, block, memory);
        for (int i = 0; i < wanted; i++)
        {
            place.Skip(batch, fields[i]);
        }

        ArrowVector found = place.Take(batch, fields[wanted]);
        return found.Length == batch.Int64(0)
            ? found
            : throw new InvalidDataException($"a column has {found.Length} rows in a batch of {batch.Int64(0)}");
    }

    /// <summary>Walks nodes and buffers, which lie in depth-first order of the fields.</summary>
    private sealed class Place(MappedFile file, ArrowBlock block, List<AlignedMemory> memory)
    {
        private int node;
        private int buffer;
        private int variadic;

        internal void Skip(FlatTable batch, ArrowField field)
        {
            ArrowField stored = field.Index ?? field;
            node++;
            buffer += stored.Buffers + Further(batch, stored);
            foreach (ArrowField child in stored.Children)
            {
                Skip(batch, child);
            }
        }

        internal ArrowVector Take(FlatTable batch, ArrowField field)
        {
            ArrowField stored = field.Index ?? field;
            if (node >= batch.Count(1))
            {
                throw new InvalidDataException("a batch lacks columns");
            }

            ReadOnlySpan<byte> counts = batch.StructAt(1, node++, 16);
            (long length, long nulls) = (FlatTable.Int64(counts, 0), FlatTable.Int64(counts, 8));
            ArrowBuffer[] buffers = new ArrowBuffer[stored.Buffers + Further(batch, stored)];
            for (int i = 0; i < buffers.Length; i++)
            {
                buffers[i] = Buffer(batch);
            }

            bool impossible = length < 0 || nulls < 0 || nulls > length;
            if (impossible || (nulls > 0 && stored.Layout != ArrowLayout.Null && (buffers.Length == 0 || buffers[0].Length < (length + 7) / 8)))
            {
                throw new InvalidDataException($"a column of {length} rows says that {nulls} are null, but not which");
            }

            ArrowVector? child = null;
            if (stored.Layout is ArrowLayout.List or ArrowLayout.LargeList or ArrowLayout.FixedList)
            {
                child = stored.Children is [{ } item] ? Take(batch, item) : throw new InvalidDataException("a list has no elements");
            }

            ArrowVector[] parts = new ArrowVector[stored.Type == FieldType.Image ? stored.Children.Count : 0];
            for (int i = 0; i < parts.Length; i++)
            {
                parts[i] = Take(batch, stored.Children[i]);
            }

            return parts.All(part => part.Length == length)
                ? new ArrowVector(stored, length, nulls, buffers, child) { Parts = parts }
                : throw new InvalidDataException("the fields of a struct differ in length");
        }

        private int Further(FlatTable batch, ArrowField stored)
        {
            if (stored.Layout != ArrowLayout.Views)
            {
                return 0;
            }

            if (variadic >= batch.Count(4))
            {
                throw new InvalidDataException("a batch lacks the counts of its string buffers");
            }

            long count = FlatTable.Int64(batch.StructAt(4, variadic++, 8), 0);
            return count >= 0 && count <= batch.Count(2) ? (int)count : throw new InvalidDataException("a batch has an impossible count of string buffers");
        }

        private ArrowBuffer Buffer(FlatTable batch)
        {
            if (buffer >= batch.Count(2))
            {
                throw new InvalidDataException("a batch lacks buffers");
            }

            ReadOnlySpan<byte> entry = batch.StructAt(2, buffer++, 16);
            (long offset, long length) = (FlatTable.Int64(entry, 0), FlatTable.Int64(entry, 8));
            if (offset < 0 || length < 0 || offset > block.BodyBytes || length > block.BodyBytes - offset)
            {
                throw new InvalidDataException("a buffer lies outside of its batch");
            }

            long start = block.Body + offset;
            return batch.Has(3) && length > 0
                ? Inflate(batch.Table(3), start, length)
                : new ArrowBuffer(file.Address(start, length), length, IsMapped: true);
        }

        private unsafe ArrowBuffer Inflate(FlatTable compression, long start, long length)
        {
            long size = FlatTable.Int64(file.Span(start, 8), 0);
            if (size == -1)
            {
                return new ArrowBuffer(file.Address(start + 8, length - 8), length - 8, IsMapped: true);
            }

            if (size < 0 || size > int.MaxValue || size > GreatestRatio * length || length > int.MaxValue)
            {
                throw new InvalidDataException($"a compressed buffer of {length} bytes claims to hold {size}");
            }

            CompressionCodecType codec = compression.Byte(0) switch
            {
                0 => CompressionCodecType.Lz4Frame,
                1 => CompressionCodecType.Zstd,
                var other => throw new InvalidDataException($"codec {other} is unknown"),
            };
            AlignedMemory target = new();
            memory.Add(target);
            target.Reserve((nuint)size);
            using ICompressionCodec decompressor = Codecs.CreateCodec(codec);
            using MappedPiece from = new(file.Address(start + 8, length - 8), (int)length - 8);
            using MappedPiece to = new(target.Pointer, (int)size);
            int got = size == 0 ? 0 : decompressor.Decompress(from.Memory, to.Memory);
            return got == size
                ? new ArrowBuffer(target.Pointer, size, IsMapped: false)
                : throw new InvalidDataException($"a compressed buffer holds {got} bytes, not {size}");
        }
    }

    /// <summary>Native memory in the shape that the codecs take.</summary>
    private sealed unsafe class MappedPiece(nint pointer, int length) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new((void*)pointer, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)pointer + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
