using System.IO.Hashing;

namespace GpuDiag.Columns;

/// <summary>Makes the text of a value from its bytes.</summary>
internal delegate string BytesText(ReadOnlySpan<byte> bytes);

/// <summary>
/// One thread's cache from byte strings to the codes of a domain: a hash of the content, then a comparison of the
/// content, so it holds for any page, encoding or buffer reuse. The domain is asked (and a string made) once per
/// distinct value.
/// </summary>
internal sealed class TextCodes(Domain domain, BytesText? text)
{
    private const int MostCached = 1 << 20;
    private const int MostBytes = 1 << 28;
    private Entry[] entries = new Entry[64];
    private byte[] store = new byte[1024];
    private int stored;
    private int used;

    internal Domain Domain => domain;

    internal int Code(ReadOnlySpan<byte> value)
    {
        ulong hash = XxHash3.HashToUInt64(value) | 1;
        int mask = entries.Length - 1;
        int slot = (int)(hash >> 32) & mask;
        while (true)
        {
            ref Entry entry = ref entries[slot];
            if (entry.Hash == hash && value.SequenceEqual(store.AsSpan(entry.Start, entry.Length)))
            {
                return entry.Code;
            }

            if (entry.Hash == 0)
            {
                return Add(slot, hash, value);
            }

            slot = (slot + 1) & mask;
        }
    }

    private int Add(int slot, ulong hash, ReadOnlySpan<byte> value)
    {
        int code = text is null ? domain.Code(value) : domain.Code(text(value));
        if (used >= MostCached || stored + value.Length > MostBytes)
        {
            // All-distinct values (a row id as a segment): start afresh, so that it costs time, not memory.
            Array.Clear(entries);
            (used, stored) = (0, 0);
            return code;
        }

        if (stored + value.Length > store.Length)
        {
            Array.Resize(ref store, Math.Max(store.Length * 2, stored + value.Length));
        }

        value.CopyTo(store.AsSpan(stored));
        entries[slot] = new Entry { Hash = hash, Start = stored, Length = value.Length, Code = code };
        stored += value.Length;
        if (++used * 2 > entries.Length)
        {
            Grow();
        }

        return code;
    }

    private void Grow()
    {
        Entry[] old = entries;
        entries = new Entry[old.Length * 2];
        int mask = entries.Length - 1;
        foreach (Entry entry in old)
        {
            if (entry.Hash == 0)
            {
                continue;
            }

            int slot = (int)(entry.Hash >> 32) & mask;
            while (entries[slot].Hash != 0)
            {
                slot = (slot + 1) & mask;
            }

            entries[slot] = entry;
        }
    }

    private struct Entry
    {
        /// <summary>0: free.</summary>
        public ulong Hash;
        public int Start;
        public int Length;
        public int Code;
    }
}
