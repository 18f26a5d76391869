using System.Globalization;

namespace GpuDiag.Columns;

/// <summary>
/// One thread's cache from 64-bit values to the codes of a domain: a table for small non-negative values, else a hash
/// table with linear probing. The domain is asked once per distinct value.
/// </summary>
internal sealed class IntegerCodes(Domain domain, Func<long, string>? text)
{
    private const int Small = 1 << 16;
    private const int MostCached = 1 << 20;
    private int[] small = [];
    private long[] keys = new long[64];
    private int[] codes = FreeSlots(64);
    private int used;

    internal Domain Domain => domain;

    internal int Code(long value)
    {
        if ((ulong)value < (ulong)small.Length)
        {
            int code = small[value];
            if (code >= 0)
            {
                return code;
            }
        }

        return (ulong)value < Small ? AddSmall(value) : Probe(value);
    }

    private int Probe(long value)
    {
        int mask = keys.Length - 1;
        int slot = (int)(((ulong)value * 0x9E3779B97F4A7C15) >> 32) & mask;
        while (codes[slot] >= 0)
        {
            if (keys[slot] == value)
            {
                return codes[slot];
            }

            slot = (slot + 1) & mask;
        }

        int code = Ask(value);
        (keys[slot], codes[slot]) = (value, code);
        if (++used * 2 > keys.Length)
        {
            Grow();
        }

        return code;
    }

    private int AddSmall(long value)
    {
        if (value >= small.Length)
        {
            int length = Math.Max(256, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)value + 1));
            int old = small.Length;
            Array.Resize(ref small, length);
            small.AsSpan(old).Fill(-1);
        }

        return small[value] = Ask(value);
    }

    /// <summary>Doubles; past the limit it starts afresh instead, so that a column of all-distinct values costs time, not memory.</summary>
    private void Grow()
    {
        (long[] oldKeys, int[] oldCodes) = (keys, codes);
        int length = Math.Min(keys.Length * 2, 2 * MostCached);
        (keys, codes, used) = (new long[length], FreeSlots(length), 0);
        if (oldKeys.Length == length)
        {
            return;
        }

        for (int i = 0; i < oldKeys.Length; i++)
        {
            if (oldCodes[i] < 0)
            {
                continue;
            }

            int slot = (int)(((ulong)oldKeys[i] * 0x9E3779B97F4A7C15) >> 32) & (length - 1);
            while (codes[slot] >= 0)
            {
                slot = (slot + 1) & (length - 1);
            }

            (keys[slot], codes[slot]) = (oldKeys[i], oldCodes[i]);
            used++;
        }
    }

    private int Ask(long value) => text is null ? domain.Code(value) : domain.Code(text(value));

    private static int[] FreeSlots(int length)
    {
        int[] slots = new int[length];
        Array.Fill(slots, -1);
        return slots;
    }

    /// <summary>The text of the bits as an unsigned number.</summary>
    internal static string Unsigned(long bits) => ((ulong)bits).ToString(CultureInfo.InvariantCulture);
}
