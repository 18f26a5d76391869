using System.Buffers.Binary;
using System.Text;

namespace GpuDiag.Columns.Arrow;

/// <summary>
/// A table of a FlatBuffers message, read in place. Every position is checked against the message, so damaged
/// metadata ends in an exception of the span, never in foreign memory. Absent fields have their defaults.
/// </summary>
internal readonly ref struct FlatTable
{
    private readonly ReadOnlySpan<byte> message;
    private readonly int position;
    private readonly ReadOnlySpan<byte> slots;

    private FlatTable(ReadOnlySpan<byte> message, int position)
    {
        this.message = message;
        this.position = position;
        int vtable = checked(position - Int32(message, position));
        int bytes = UInt16(message, vtable);
        slots = message.Slice(vtable + 4, Math.Max(0, bytes - 4));
    }

    internal static FlatTable Root(ReadOnlySpan<byte> message) => new(message, Int32(message, 0));

    internal bool Has(int field) => Slot(field) != 0;

    internal byte Byte(int field, byte absent = 0) => Slot(field) is > 0 and int at ? message[at] : absent;

    internal bool Bool(int field) => Byte(field) != 0;

    internal short Int16(int field, short absent = 0) => Slot(field) is > 0 and int at ? (short)UInt16(message, at) : absent;

    internal int Int32(int field, int absent = 0) => Slot(field) is > 0 and int at ? Int32(message, at) : absent;

    internal long Int64(int field, long absent = 0) => Slot(field) is > 0 and int at ? Int64(message, at) : absent;

    internal string? Text(int field)
    {
        if (Slot(field) is not (> 0 and int at))
        {
            return null;
        }

        int start = Follow(at);
        return Encoding.UTF8.GetString(message.Slice(start + 4, Int32(message, start)));
    }

    /// <exception cref="InvalidDataException">The field is absent.</exception>
    internal FlatTable Table(int field) =>
        Slot(field) is > 0 and int at ? new FlatTable(message, Follow(at)) : throw new InvalidDataException("the metadata lacks a part");

    /// <summary>Elements of a vector; 0 where it is absent.</summary>
    internal int Count(int field)
    {
        if (Slot(field) is not (> 0 and int at))
        {
            return 0;
        }

        int count = Int32(message, Follow(at));
        return count >= 0 && count <= message.Length ? count : throw new InvalidDataException("the metadata holds an impossible count");
    }

    /// <summary>A table in a vector of tables.</summary>
    internal FlatTable TableAt(int field, int index) => new(message, Follow(Follow(Slot(field)) + 4 + (4 * index)));

    /// <summary>A struct or number in a vector of them.</summary>
    /// <param name="size">Bytes per element.</param>
    internal ReadOnlySpan<byte> StructAt(int field, int index, int size) => message.Slice(Follow(Slot(field)) + 4 + (size * index), size);

    internal static int Int32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    internal static long Int64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private static int UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private int Slot(int field)
    {
        int offset = (2 * field) + 2 <= slots.Length ? UInt16(slots, 2 * field) : 0;
        return offset == 0 ? 0 : position + offset;
    }

    private int Follow(int at) => checked(at + Int32(message, at));
}
