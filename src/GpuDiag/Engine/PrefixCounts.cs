using System.Runtime.CompilerServices;

namespace GpuDiag.Engine;

/// <summary>
/// Counts of the leading bits of <see cref="ScoreKey"/>s: a leaf of counters per sign and exponent, made when its first key comes. A key costs two
/// loads, however many there are, where sorting it costs ten times as much.
/// </summary>
internal sealed class PrefixCounts
{
    /// <summary>A double's sign and exponent.</summary>
    private const int RootBits = 12;

    private const int MostBits = RootBits + 18;

    private readonly long[]?[] leaves = new long[1 << RootBits][];
    private readonly int shift, leafBits;
    private readonly ulong mask;

    /// <param name="bits">Leading bits that are told apart.</param>
    public PrefixCounts(int bits)
    {
        (shift, leafBits) = (64 - bits, bits - RootBits);
        mask = (1UL << leafBits) - 1;
    }

    /// <summary>Prefixes that were counted.</summary>
    public int Distinct { get; private set; }

    /// <summary>Counters that take memory.</summary>
    public int Cells { get; private set; }

    /// <summary>Whether keys can be counted so by this many bits.</summary>
    public static bool Fits(int bits) => bits is >= RootBits and <= MostBits;

    /// <summary>Counts a key; true where its prefix is new.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(ulong key)
    {
        ulong prefix = key >> shift;
        long[] leaf = leaves[prefix >> leafBits] ?? Leaf(prefix);
        ref long count = ref leaf[prefix & mask];
        if (count++ != 0)
        {
            return false;
        }

        Distinct++;
        return true;
    }

    /// <summary>Counts a prefix so many times.</summary>
    public void Add(ulong prefix, long count)
    {
        ref long sum = ref (leaves[prefix >> leafBits] ?? Leaf(prefix))[prefix & mask];
        Distinct += sum == 0 ? 1 : 0;
        sum += count;
    }

    /// <summary>Writes prefixes in ascending order with their counts; there is room for <see cref="Distinct"/>.</summary>
    public void CopyTo(Span<ulong> keys, Span<long> counts)
    {
        int n = 0;
        for (int root = 0; root < leaves.Length; root++)
        {
            ReadOnlySpan<long> leaf = leaves[root];
            for (int i = 0; i < leaf.Length; i++)
            {
                if (leaf[i] != 0)
                {
                    (keys[n], counts[n]) = (((ulong)root << leafBits) | (uint)i, leaf[i]);
                    n++;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long[] Leaf(ulong prefix)
    {
        Cells += 1 << leafBits;
        return leaves[prefix >> leafBits] = new long[1 << leafBits];
    }
}
