using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using GpuDiag.Columns;

namespace GpuDiag.Engine;

/// <summary>
/// Counts of 64-bit keys: an open-addressing table, at most two thirds full, that doubles. 16 bytes a slot, so 24 to 48
/// bytes per distinct key; in native memory, because what a table grew out of would wait long for the garbage collector.
/// A key without a count is absent.
/// </summary>
internal sealed unsafe class SparseCounts : IDisposable
{
    private const int PrefetchDistance = 16;

    /// <summary>Slots that are merged one after another: a few lines of cache.</summary>
    private const int BlockSlots = 16;

    private AlignedMemory memory = new();
    private int length, shift;

    public SparseCounts() => Reset(1024);

    private record struct Slot(ulong Key, long Count);

    /// <summary>Distinct keys.</summary>
    public int Count { get; private set; }

    public IEnumerable<(ulong Key, long Count)> Entries
    {
        get
        {
            for (int i = 0; i < length; i++)
            {
                Slot slot = At(i);
                if (slot.Count != 0)
                {
                    yield return (slot.Key, slot.Count);
                }
            }
        }
    }

    /// <summary>Adds a positive count.</summary>
    public void Add(ulong key, long count)
    {
        Slot* table = (Slot*)memory.Pointer;
        int i = Home(key);
        while (table[i].Count != 0 && table[i].Key != key)
        {
            i = (i + 1) & (length - 1);
        }

        if (table[i].Count != 0)
        {
            table[i].Count += count;
            return;
        }

        table[i] = new Slot(key, count);
        Count++;
        if (Count * 3L > length * 2L)
        {
            Grow();
        }
    }

    /// <summary>Counts each key once more. Slots are fetched ahead: a large table is a cache miss per key.</summary>
    public void AddEach(ReadOnlySpan<ulong> keys)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            if (Sse.IsSupported && i + PrefetchDistance < keys.Length)
            {
                Sse.Prefetch0((Slot*)memory.Pointer + Home(keys[i + PrefetchDistance]));
            }

            Add(keys[i], 1);
        }
    }

    /// <summary>
    /// Adds another's counts. Its slots are in the order of the hashes; taken in that order, keys would fill this table from its start,
    /// where each would look for a place among all before it, in quadratic time. So they are taken from everywhere in turn.
    /// </summary>
    public void Merge(SparseCounts other)
    {
        Slot* theirs = (Slot*)other.memory.Pointer;
        for (int block = 0; block < other.length / BlockSlots; block++)
        {
            Slot* slots = theirs + (Scattered(block, other.length / BlockSlots) * BlockSlots);
            for (int i = 0; i < BlockSlots; i++)
            {
                if (slots[i].Count != 0)
                {
                    Add(slots[i].Key, slots[i].Count);
                }
            }
        }
    }

    /// <summary>The number of the block to take after <paramref name="turn"/> others, each once: any first few lie evenly spread.</summary>
    /// <param name="turn">From 0.</param>
    /// <param name="blocks">A power of two.</param>
    internal static int Scattered(int turn, int blocks) => (int)((turn * (((long)(0.6180339887498949 * blocks)) | 1)) & (blocks - 1));

    public void Dispose()
    {
        memory.Dispose();
        (length, Count) = (0, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Home(ulong key) => (int)((key * 0x9E37_79B9_7F4A_7C15) >> shift);

    private Slot At(int i) => ((Slot*)memory.Pointer)[i];

    private void Reset(int slots)
    {
        memory.Reserve((nuint)slots * (nuint)sizeof(Slot));
        (length, shift, Count) = (slots, 64 - BitOperations.Log2((uint)slots), 0);
    }

    private void Grow()
    {
        using AlignedMemory old = memory;
        int before = length;
        memory = new AlignedMemory();
        Reset(checked(before * 2));
        Slot* from = (Slot*)old.Pointer;
        for (int i = 0; i < before; i++)
        {
            if (from[i].Count != 0)
            {
                Add(from[i].Key, from[i].Count);
            }
        }
    }
}
