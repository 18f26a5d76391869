using System.Runtime.CompilerServices;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// Codes of texts of at most 16 bytes, held in two words: a plain page of them costs no hash of a string, no compare
/// of bytes and no second place in memory per row. Longer texts, and new ones, go to <see cref="TextCodes"/>.
/// </summary>
internal sealed unsafe class ShortTexts(TextCodes texts)
{
    private const int Longest = 16;
    private const int MostCached = 1 << 20;
    private Entry[] entries = new Entry[64];
    private int used;

    /// <param name="text">16 bytes from it on are readable.</param>
    /// <param name="length">The text's own bytes.</param>
    public int Code(byte* text, int length)
    {
        if (length > Longest)
        {
            return texts.Code(new ReadOnlySpan<byte>(text, length));
        }

        ulong low = Word(text, length);
        ulong high = Word(text + sizeof(ulong), length - sizeof(ulong));
        int mask = entries.Length - 1;
        int slot = Hash(low, high, length) & mask;
        while (true)
        {
            ref Entry entry = ref entries[slot];
            if (entry.Low == low && entry.High == high && entry.LengthPlusOne == length + 1)
            {
                return entry.Code;
            }

            if (entry.LengthPlusOne == 0)
            {
                return Add(slot, new Entry(low, high, length + 1, texts.Code(new ReadOnlySpan<byte>(text, length))));
            }

            slot = (slot + 1) & mask;
        }
    }

    private int Add(int slot, Entry entry)
    {
        entries[slot] = entry;
        if (++used * 2 > entries.Length)
        {
            Grow();
        }

        return entry.Code;
    }

    /// <summary>Doubles; past the limit it starts afresh, so that a column of all-distinct values costs time, not memory.</summary>
    private void Grow()
    {
        Entry[] old = entries;
        used = used < MostCached ? used : 0;
        entries = new Entry[Math.Min(old.Length * 2, MostCached * 2)];
        for (int i = 0; i < old.Length && used > 0; i++)
        {
            if (old[i].LengthPlusOne != 0)
            {
                int slot = Hash(old[i].Low, old[i].High, old[i].LengthPlusOne - 1) & (entries.Length - 1);
                while (entries[slot].LengthPlusOne != 0)
                {
                    slot = (slot + 1) & (entries.Length - 1);
                }

                entries[slot] = old[i];
            }
        }
    }

    /// <summary>Up to eight bytes as a word, none where the text has ended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(byte* bytes, int length)
    {
        ulong word = Unsafe.ReadUnaligned<ulong>(bytes);
        return length >= sizeof(ulong) ? word : length <= 0 ? 0 : word & ((1UL << (8 * length)) - 1);
    }

    // Both halves of a 128-bit product, as in wyhash.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Hash(ulong low, ulong high, int length)
    {
        ulong top = Math.BigMul(low ^ 0xA076_1D64_78BD_642FUL, high ^ 0xE703_7ED1_A0B4_28DBUL ^ (uint)length, out ulong bottom);
        return (int)(top ^ bottom) & int.MaxValue;
    }

    private readonly record struct Entry(ulong Low, ulong High, int LengthPlusOne, int Code);
}
