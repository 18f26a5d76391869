using System.Buffers;
using System.Buffers.Binary;

namespace GpuDiag.Reports.Tables;

/// <summary>Bytes that grow at their end, little-endian. Disposed of, their memory is for the next.</summary>
internal sealed class ByteBuffer(int capacity) : IDisposable
{
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => bytes.AsSpan(0, Length);

    /// <summary>The byte added last.</summary>
    public ref byte Last => ref bytes[Length - 1];

    public void Clear() => Length = 0;

    /// <summary>The next <paramref name="count"/> bytes, for the caller to fill.</summary>
    public Span<byte> Take(int count)
    {
        int start = Length, end = checked(start + count);
        if (end > bytes.Length)
            Grow((int)Math.Max(end, Math.Min(2L * bytes.Length, Array.MaxLength)));
        Length = end;
        return bytes.AsSpan(start, count);
    }

    public void AddByte(byte value) => Take(1)[0] = value;

    public void Add(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    public void Add(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    public void Add(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(sizeof(double)), value);

    public void Add(ReadOnlySpan<byte> values) => values.CopyTo(Take(values.Length));

    public void Varint(ulong value)
    {
        for (; value >= 128; value >>= 7)
            AddByte((byte)(value | 128));
        AddByte((byte)value);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        (bytes, Length) = ([], 0);
    }

    private void Grow(int room)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(room);
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
