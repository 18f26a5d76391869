using System.Text;

namespace GpuDiag.Reports.Tables;

/// <summary>Writes Thrift's compact protocol, as far as Parquet's metadata needs it. Fields of a struct in ascending order.</summary>
internal sealed class ThriftWriter : IDisposable
{
    private const int I32 = 5, I64 = 6, Binary = 8, List = 9, Struct = 12;

    private readonly ByteBuffer bytes = new(1 << 10);
    private readonly Stack<int> outer = [];
    private int last;

    public ReadOnlySpan<byte> Bytes => bytes.Span;

    public void Int32(int field, int value)
    {
        Head(field, I32);
        Varint(ZigZag(value));
    }

    public void Int64(int field, long value)
    {
        Head(field, I64);
        Varint(ZigZag(value));
    }

    public void Text(int field, string value)
    {
        Head(field, Binary);
        Element(value);
    }

    /// <summary>A list of integers: their elements follow by <see cref="Element(int)"/>.</summary>
    public void Int32s(int field, int count) => Elements(field, count, I32);

    public void Texts(int field, int count) => Elements(field, count, Binary);

    /// <summary>A list of structs, each of which follows between <see cref="Begin()"/> and <see cref="End"/>.</summary>
    public void Structs(int field, int count) => Elements(field, count, Struct);

    public void Element(int value) => Varint(ZigZag(value));

    public void Element(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)length);
        Encoding.UTF8.GetBytes(value, bytes.Take(length));
    }

    /// <summary>Opens a struct that is a field.</summary>
    public void Begin(int field)
    {
        Head(field, Struct);
        Begin();
    }

    /// <summary>Opens a struct that is the whole, or an element.</summary>
    public void Begin()
    {
        outer.Push(last);
        last = 0;
    }

    public void End()
    {
        bytes.AddByte(0);
        last = outer.Pop();
    }

    public void Dispose() => bytes.Dispose();

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private void Head(int field, int type)
    {
        bytes.AddByte((byte)(((field - last) << 4) | type));
        last = field;
    }

    private void Elements(int field, int count, int type)
    {
        Head(field, List);
        bytes.AddByte((byte)((Math.Min(count, 15) << 4) | type));
        if (count >= 15)
            Varint((ulong)count);
    }

    private void Varint(ulong value) => bytes.Varint(value);
}
