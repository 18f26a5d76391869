using System.Text;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>Types on the wire of Thrift's compact protocol.</summary>
internal enum ThriftType
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    I16 = 4,
    I32 = 5,
    I64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
    Uuid = 13,
}

/// <summary>
/// Reads Thrift's compact protocol from untrusted bytes. Never reads past them, never nests deeper than 24, never
/// allocates from a declared count. Faults are <see cref="InvalidDataException"/>; running out of bytes is
/// <see cref="EndOfStreamException"/>, so that a caller holding only a part can come back with more.
/// </summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> data)
{
    private const int MaxDepth = 24;
    private readonly ReadOnlySpan<byte> data = data;

    public int Position { get; private set; }

    /// <summary>Steps to the next field of a struct; false at its end. <paramref name="id"/> starts at 0.</summary>
    public bool NextField(ref int id, out ThriftType type)
    {
        byte head = Byte();
        type = (ThriftType)(head & 15);
        if (type == ThriftType.Stop)
        {
            return false;
        }

        int delta = head >> 4;
        id = delta != 0 ? id + delta : (int)ZigZag();
        return true;
    }

    /// <summary>The count and element type of a list. The count is at most the bytes left, as each element takes one.</summary>
    public int ListHeader(ThriftType type, out ThriftType element)
    {
        Expect(type is ThriftType.List or ThriftType.Set, type);
        byte head = Byte();
        element = (ThriftType)(head & 15);
        ulong count = (uint)(head >> 4);
        if (count == 15)
        {
            count = VarInt();
        }

        if (count > (ulong)(data.Length - Position))
        {
            throw new InvalidDataException($"a list of {count} elements in {data.Length - Position} bytes");
        }

        return (int)count;
    }

    public int Int32(ThriftType type)
    {
        long value = Int64(type);
        return value == (int)value ? (int)value : throw new InvalidDataException($"integer {value} out of range");
    }

    public long Int64(ThriftType type)
    {
        if (type == ThriftType.Byte)
        {
            return (sbyte)Byte();
        }

        Expect(type is ThriftType.I16 or ThriftType.I32 or ThriftType.I64, type);
        return ZigZag();
    }

    /// <summary>A boolean field: its value is its type.</summary>
    public static bool Bool(ThriftType type)
    {
        Expect(type is ThriftType.True or ThriftType.False, type);
        return type == ThriftType.True;
    }

    public string Text(ThriftType type)
    {
        Expect(type == ThriftType.Binary, type);
        return Encoding.UTF8.GetString(Bytes());
    }

    public static void Expect(bool fits, ThriftType type)
    {
        if (!fits)
        {
            throw new InvalidDataException($"metadata field of unexpected type {type}");
        }
    }

    public void Skip(ThriftType type) => Skip(type, inList: false, MaxDepth);

    private void Skip(ThriftType type, bool inList, int depth)
    {
        if (depth == 0)
        {
            throw new InvalidDataException("metadata nested too deeply");
        }

        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                Advance(inList ? 1 : 0);
                break;
            case ThriftType.Byte:
                Advance(1);
                break;
            case ThriftType.I16 or ThriftType.I32 or ThriftType.I64:
                VarInt();
                break;
            case ThriftType.Double:
                Advance(8);
                break;
            case ThriftType.Uuid:
                Advance(16);
                break;
            case ThriftType.Binary:
                Bytes();
                break;
            case ThriftType.List or ThriftType.Set:
                for (int left = ListHeader(type, out ThriftType element); left > 0; left--)
                {
                    Skip(element, inList: true, depth - 1);
                }

                break;
            case ThriftType.Map:
                SkipMap(depth);
                break;
            case ThriftType.Struct:
                int id = 0;
                while (NextField(ref id, out ThriftType field))
                {
                    Skip(field, inList: false, depth - 1);
                }

                break;
            default:
                throw new InvalidDataException($"metadata field of unknown type {(int)type}");
        }
    }

    private void SkipMap(int depth)
    {
        ulong count = VarInt();
        if (count == 0)
        {
            return;
        }

        byte types = Byte();
        for (; count > 0; count--)
        {
            Skip((ThriftType)(types >> 4), inList: true, depth - 1);
            Skip((ThriftType)(types & 15), inList: true, depth - 1);
        }
    }

    private ReadOnlySpan<byte> Bytes()
    {
        ulong length = VarInt();
        if (length > (ulong)(data.Length - Position))
        {
            throw new EndOfStreamException($"{length} bytes of metadata where {data.Length - Position} are left");
        }

        ReadOnlySpan<byte> bytes = data.Slice(Position, (int)length);
        Position += (int)length;
        return bytes;
    }

    private void Advance(int bytes)
    {
        if (bytes > data.Length - Position)
        {
            throw new EndOfStreamException("metadata ends early");
        }

        Position += bytes;
    }

    private byte Byte()
    {
        Advance(1);
        return data[Position - 1];
    }

    private long ZigZag()
    {
        ulong value = VarInt();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong VarInt()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = Byte();
            value |= (ulong)(b & 127) << shift;
            if (b < 128)
            {
                return value;
            }
        }

        throw new InvalidDataException("metadata integer of more than 64 bits");
    }
}
