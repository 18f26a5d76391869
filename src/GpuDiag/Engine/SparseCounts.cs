using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace GpuDiag.Engine;

/// <summary>
/// Counts of 64-bit keys: an open-addressing table, at most two thirds full, that doubles. 16 bytes a slot, so 24 to 48
/// bytes per distinct key. A key without a count is absent.
/// </summary>
internal sealed class SparseCounts
{
    private const int PrefetchDistance = 16;
    private Slot[] slots = new Slot[1024];
    private int shift = 64 - 10;

    private record struct Slot(ulong Key, long Count);

    /// <summary>Distinct keys.</summary>
    public int Count { get; private set; }

    public IEnumerable<(ulong Key, long Count)> Entries => slots.Where(s => s.Count != 0).Select(s => (s.Key, s.Count));

    /// <summary>Adds a positive count.</summary>
    public void Add(ulong key, long count)
    {
        Slot[] table = slots;
        int i = Home(key);
        while (table[i].Count != 0 && table[i].Key != key)
        {
            i = (i + 1) & (table.Length - 1);
        }

        if (table[i].Count != 0)
        {
            table[i].Count += count;
            return;
        }

        table[i] = new Slot(key, count);
        Count++;
        if (Count * 3L > table.Length * 2L)
        {
            Grow();
        }
    }

    /// <summary>Counts each key once more. Slots are fetched ahead: a large table is a cache miss per key.</summary>
    public unsafe void AddEach(ReadOnlySpan<ulong> keys)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            if (Sse.IsSupported && i + PrefetchDistance < keys.Length)
            {
                Sse.Prefetch0(Unsafe.AsPointer(ref slots[Home(keys[i + PrefetchDistance])]));
            }

            Add(keys[i], 1);
        }
    }

    public void Merge(SparseCounts other)
    {
        foreach (Slot slot in other.slots)
        {
            if (slot.Count != 0)
            {
                Add(slot.Key, slot.Count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Home(ulong key) => (int)((key * 0x9E37_79B9_7F4A_7C15) >> shift);

    private void Grow()
    {
        Slot[] old = slots;
        slots = new Slot[checked(old.Length * 2)];
        shift = 64 - BitOperations.Log2((uint)slots.Length);
        Count = 0;
        foreach (Slot slot in old)
        {
            if (slot.Count != 0)
            {
                Add(slot.Key, slot.Count);
            }
        }
    }
}
