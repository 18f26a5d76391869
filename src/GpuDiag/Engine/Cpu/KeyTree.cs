using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GpuDiag.Columns;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// The keys of a <see cref="ScorePartition"/> as a tree of nodes of eight, one vector comparison each: level by level
/// from the root, a level holding the largest key of each node of the next; the last is the keys themselves. Five levels
/// for 10,000 keys, and no branch that depends on a key.
/// </summary>
internal sealed unsafe class KeyTree : IDisposable
{
    private const int Fanout = 8;
    private const int Together = 4;
    private readonly AlignedMemory memory = new();
    private readonly ScorePartition partition;
    private readonly nint[] levels;

    public KeyTree(ScorePartition partition)
    {
        this.partition = partition;
        int[] sizes = Sizes(partition.Keys.Length);
        memory.Reserve((nuint)sizes.Sum() * sizeof(ulong));
        memory.Span<ulong>(sizes.Sum()).Fill(ulong.MaxValue);
        levels = new nint[sizes.Length];
        ulong* at = (ulong*)memory.Pointer;
        for (int i = 0; i < sizes.Length; at += sizes[i++])
        {
            levels[i] = (nint)at;
        }

        partition.Keys.CopyTo(new Span<ulong>((void*)levels[^1], sizes[^1]));
        for (int i = sizes.Length - 2; i >= 0; i--)
        {
            ulong* parents = (ulong*)levels[i], children = (ulong*)levels[i + 1];
            for (int n = 0; n < sizes[i + 1] / Fanout; n++)
            {
                parents[n] = children[(n * Fanout) + Fanout - 1];
            }
        }
    }

    /// <summary>Adds one to the slot of each full key: to positives where the row's label is the class, else to negatives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Count(ReadOnlySpan<ulong> keys, ReadOnlySpan<int> labels, int label, Span<long> negatives, Span<long> positives)
    {
        ulong mask = partition.Bits == 0 ? 0 : ulong.MaxValue;
        int shift = 64 - partition.Bits, i = 0;
        nint* slots = stackalloc nint[Together];
        for (; i + Together <= keys.Length; i += Together)
        {
            ulong a = (keys[i] & mask) >> shift, b = (keys[i + 1] & mask) >> shift;
            ulong c = (keys[i + 2] & mask) >> shift, d = (keys[i + 3] & mask) >> shift;
            Slots(a, b, c, d, slots);
            for (int j = 0; j < Together; j++)
            {
                (labels[i + j] == label ? positives : negatives)[(int)slots[j]]++;
            }
        }

        for (; i < keys.Length; i++)
        {
            ulong key = (keys[i] & mask) >> shift;
            Slots(key, key, key, key, slots);
            (labels[i] == label ? positives : negatives)[(int)slots[0]]++;
        }
    }

    public void Dispose() => memory.Dispose();

    /// <summary>The slots of four key prefixes, whose descents overlap: one alone is a chain of waits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Slots(ulong a, ulong b, ulong c, ulong d, nint* slots)
    {
        Vector512<ulong> va = Vector512.Create(a), vb = Vector512.Create(b), vc = Vector512.Create(c), vd = Vector512.Create(d);
        nint atA = 0, atB = 0, atC = 0, atD = 0;
        foreach (nint level in levels)
        {
            atA = Child((ulong*)level, atA, va);
            atB = Child((ulong*)level, atB, vb);
            atC = Child((ulong*)level, atC, vc);
            atD = Child((ulong*)level, atD, vd);
        }

        slots[0] = Slot(atA, a);
        slots[1] = Slot(atB, b);
        slots[2] = Slot(atC, c);
        slots[3] = Slot(atD, d);
    }

    /// <summary>Node of the next level, or at the last: how many keys are less. Padding never is, so there is a child for each outcome.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Child(ulong* level, nint node, Vector512<ulong> key) => (node * Fanout)
        + (nint)(uint)BitOperations.PopCount(Vector512.LessThan(Vector512.Load(level + (node * Fanout)), key).ExtractMostSignificantBits());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private nint Slot(nint below, ulong key) =>
        (2 * below) + Unsafe.BitCast<bool, byte>((below < partition.Keys.Length) & (((ulong*)levels[^1])[below] == key));

    /// <summary>Keys of each level, padding included; a last key of the greatest value stays padding.</summary>
    private static int[] Sizes(int keys)
    {
        List<int> sizes = [];
        do
        {
            keys = (keys / Fanout) + 1;
            sizes.Add(keys * Fanout);
        }
        while (keys > 1);

        sizes.Reverse();
        return [.. sizes];
    }
}
