using System.Runtime.CompilerServices;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>Steps through PLAIN values, checking that each lies within the page.</summary>
internal unsafe struct PlainValues
{
    private byte* next;
    private byte* end;

    public void Start(PageBytes bytes)
    {
        next = bytes.Pointer;
        end = bytes.End;
    }

    /// <summary>Takes <paramref name="count"/> values of <paramref name="size"/> bytes.</summary>
    public byte* Take(int count, int size)
    {
        long bytes = (long)count * size;
        if (bytes > end - next)
        {
            throw new InvalidDataException($"a page has {end - next} bytes where its values need {bytes}");
        }

        byte* taken = next;
        next += bytes;
        return taken;
    }

    /// <summary>Takes one BYTE_ARRAY value.</summary>
    public ReadOnlySpan<byte> TakeText()
    {
        byte* text = TakeText(out int length);
        return new ReadOnlySpan<byte>(text, length);
    }

    /// <summary>Takes one BYTE_ARRAY value; 64 bytes past it are readable.</summary>
    public byte* TakeText(out int length)
    {
        uint stated = Unsafe.ReadUnaligned<uint>(Take(1, sizeof(uint)));
        if (stated > end - next)
        {
            throw new InvalidDataException($"a text of {stated} bytes where the page has {end - next} left");
        }

        byte* text = next;
        next += stated;
        length = (int)stated;
        return text;
    }

    /// <summary>Takes one integer.</summary>
    public long TakeInteger(ValueKind kind) => kind switch
    {
        ValueKind.Int32 => Unsafe.ReadUnaligned<int>(Take(1, sizeof(int))),
        ValueKind.UInt32 => Unsafe.ReadUnaligned<uint>(Take(1, sizeof(uint))),
        _ => Unsafe.ReadUnaligned<long>(Take(1, sizeof(long))),
    };
}
