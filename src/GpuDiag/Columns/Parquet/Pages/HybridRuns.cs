using System.Runtime.CompilerServices;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// Walks Parquet's hybrid of run-length and bit-packed runs (Encodings.md, "RLE/bit-packing hybrid"). Holds the
/// current run, of which a caller may use up any part.
/// </summary>
internal unsafe struct HybridRuns
{
    private byte* next;
    private byte* end;

    /// <summary>Bits per value, 0 to 32.</summary>
    public int BitWidth { get; private set; }

    /// <summary>Values left in the current run.</summary>
    public int Left { get; private set; }

    /// <summary>The run is bit-packed: its values are at <see cref="Packed"/>, from <see cref="Skip"/> on.</summary>
    public bool IsPacked { get; private set; }

    /// <summary>The value of a run-length run.</summary>
    public uint Value { get; private set; }

    /// <summary>First byte of the group of eight that the next value lies in.</summary>
    public byte* Packed { get; private set; }

    /// <summary>Values of that group already used, 0 to 7.</summary>
    public int Skip { get; private set; }

    public void Start(PageBytes bytes, int bitWidth)
    {
        if (bitWidth is < 0 or > 32)
        {
            throw new InvalidDataException($"values of {bitWidth} bits");
        }

        this = default;
        next = bytes.Pointer;
        end = bytes.End;
        BitWidth = bitWidth;
    }

    /// <summary>Starts on bits that are packed without run headers, as plain booleans are.</summary>
    public void StartPacked(PageBytes bytes)
    {
        this = default;
        next = end = bytes.End;
        BitWidth = 1;
        IsPacked = true;
        Packed = bytes.Pointer;
        Left = (int)Math.Min(int.MaxValue, bytes.Length * 8L);
    }

    /// <summary>Makes sure that the current run has values left, reading run headers as needed.</summary>
    /// <exception cref="InvalidDataException">The bytes end first.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ensure()
    {
        if (Left == 0)
        {
            ReadHeader();
        }
    }

    /// <summary>Uses up <paramref name="count"/> values, at most <see cref="Left"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Use(int count)
    {
        Left -= count;
        if (IsPacked)
        {
            int at = Skip + count;
            Packed += (long)(at >> 3) * BitWidth;
            Skip = at & 7;
        }
    }

    private void ReadHeader()
    {
        do
        {
            uint head = VarInt();
            int count = (int)Math.Min(head >> 1, int.MaxValue / 8);
            IsPacked = (head & 1) != 0 && BitWidth > 0;
            if (IsPacked)
            {
                // The last run of some writers is cut to the bytes in use: take what is there.
                long stored = Math.Min((long)count * BitWidth, end - next);
                Packed = next;
                Skip = 0;
                next += stored;
                Left = (int)(stored * 8 / BitWidth);
            }
            else
            {
                Value = Fixed((BitWidth + 7) >> 3);
                Left = (head & 1) != 0 ? count * 8 : (int)Math.Min(head >> 1, int.MaxValue);
            }
        }
        while (Left == 0);
    }

    private uint Fixed(int bytes)
    {
        if (bytes > end - next)
        {
            throw new InvalidDataException("a run ends early");
        }

        uint value = 0;
        for (int i = 0; i < bytes; i++)
        {
            value |= (uint)*next++ << (8 * i);
        }

        return value;
    }

    private uint VarInt()
    {
        ulong value = 0;
        for (int shift = 0; shift < 35 && next < end; shift += 7)
        {
            byte b = *next++;
            value |= (ulong)(b & 127) << shift;
            if (b < 128)
            {
                return value <= uint.MaxValue ? (uint)value : throw new InvalidDataException("a run of more than 2^31 values");
            }
        }

        throw new InvalidDataException("a page has fewer values than rows");
    }
}
