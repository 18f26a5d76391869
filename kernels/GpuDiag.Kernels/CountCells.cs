using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>Where <see cref="CountKernel"/> counts.</summary>
public interface ICountCells
{
    void Add(int segment, int label, int prediction);
}

/// <summary>u32 cells in shared memory. A group sees fewer than 2^32 rows per launch.</summary>
public readonly struct SharedCells(ArrayView<uint> bins, uint classes, uint segments) : ICountCells
{
    public void Add(int segment, int label, int prediction)
    {
        uint s = (uint)segment, l = (uint)label, p = (uint)prediction;
        uint cell = (((s * classes) + l) * classes) + p;
        uint fault = segments * classes * classes;
        Atomic.Add(ref bins[(int)((s < segments) & (l < classes) & (p < classes) ? cell : fault)], 1U);
    }
}

/// <summary>u64 cells in device memory; the hot ones live in the L2 cache.</summary>
public readonly struct GlobalCells(ArrayView<ulong> cells, uint classes, uint segments) : ICountCells
{
    public void Add(int segment, int label, int prediction)
    {
        uint s = (uint)segment, l = (uint)label, p = (uint)prediction;
        long cell = ((((long)s * classes) + l) * classes) + p;
        long fault = (long)segments * classes * classes;
        Atomic.Add(ref cells[(s < segments) & (l < classes) & (p < classes) ? cell : fault], 1UL);
    }
}

/// <summary>An open-addressing hash table in device memory with linear probing; half of it stays free, so probes end.</summary>
public readonly struct HashedCells(ArrayView<ulong> keys, ArrayView<ulong> counts, ArrayView<ulong> distinct, uint classes, uint segments) : ICountCells
{
    public void Add(int segment, int label, int prediction)
    {
        uint s = (uint)segment, l = (uint)label, p = (uint)prediction;
        ulong cell = ((((ulong)s * classes) + l) * classes) + p;
        ulong fault = (ulong)segments * classes * classes;
        AddKey(((s < segments) & (l < classes) & (p < classes) ? cell : fault) + 1, 1);
    }

    /// <summary>Adds to the count of a key that is not 0.</summary>
    public void AddKey(ulong key, ulong count)
    {
        ulong mask = (ulong)keys.Length - 1;
        ulong slot = Mix(key) & mask;
        while (true)
        {
            ulong held = keys[(long)slot];
            if (held == 0)
            {
                held = Atomic.CompareExchange(ref keys[(long)slot], 0UL, key);
                if (held == 0)
                {
                    Atomic.Add(ref distinct[0], 1UL);
                    held = key;
                }
            }

            if (held == key)
            {
                Atomic.Add(ref counts[(long)slot], count);
                return;
            }

            slot = (slot + 1) & mask;
        }
    }

    /// <summary>The finaliser of SplitMix64: neighbouring cells land far apart.</summary>
    private static ulong Mix(ulong key)
    {
        key = (key ^ (key >> 30)) * 0xBF58476D1CE4E5B9;
        key = (key ^ (key >> 27)) * 0x94D049BB133111EB;
        return key ^ (key >> 31);
    }
}
