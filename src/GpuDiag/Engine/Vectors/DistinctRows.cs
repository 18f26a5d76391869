using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Engine.Vectors;

/// <summary>
/// Some rows of a block, equal ones (0 = −0) taken together: a search looks at one of each, so that a million copies of a
/// row cost as much as one.
/// </summary>
public sealed unsafe class DistinctRows
{
    private readonly int[] rows;
    private readonly int[]? next;

    /// <summary>Where the rows ascend: their positions, and which row stands there; null where they ascend as they stand.</summary>
    private readonly (int[] Positions, int[] Numbers)? ascending;

    private DistinctRows(int[] rows, int[]? next, (int[] Positions, int[] Numbers)? ascending = null)
    {
        this.rows = rows;
        this.next = next;
        this.ascending = ascending;
    }

    /// <summary>Distinct rows.</summary>
    public int Count => rows.Length;

    /// <summary>Position in the block of a distinct row's first copy; ascending unless they were ordered.</summary>
    public int First(int distinct) => rows[distinct];

    /// <summary>The next copy after <paramref name="position"/>, in ascending order; −1 after the last.</summary>
    public int Next(int position) => next is null ? -1 : next[position];

    /// <summary>The number among distinct rows of a position that has no other copy; −1 for all other positions.</summary>
    public int Single(long position)
    {
        int at = position < 0 || position > int.MaxValue ? -1 : Array.BinarySearch(ascending?.Positions ?? rows, (int)position);
        at = at >= 0 && ascending is { } sorted ? sorted.Numbers[at] : at;
        return at >= 0 && Next(rows[at]) < 0 ? at : -1;
    }

    /// <summary>The wanted rows, each for itself.</summary>
    public static DistinctRows All(bool[] wanted) => new([.. Enumerable.Range(0, wanted.Length).Where(i => wanted[i])], null);

    /// <summary>The wanted rows, grouped.</summary>
    /// <param name="block">Fewer than 2³⁰ rows; the wanted ones without NaN.</param>
    /// <param name="wanted">Per row of the block.</param>
    /// <param name="hashes">Per row of the block, <see cref="Hash"/> of the wanted ones.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static DistinctRows Grouped(VectorBlock block, bool[] wanted, uint[] hashes)
    {
        int[] slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(2 * wanted.Length) + 2)];
        int[] firsts = new int[wanted.Length];
        int[]? next = null, last = null;
        int count = 0, mask = slots.Length - 1;
        for (int row = 0; row < wanted.Length; row++)
        {
            if (!wanted[row])
            {
                continue;
            }

            int slot = (int)hashes[row] & mask;
            while (slots[slot] != 0 && !IsEqual(block, hashes, slots[slot] - 1, row))
            {
                slot = (slot + 1) & mask;
            }

            if (slots[slot] == 0)
            {
                slots[slot] = row + 1;
                firsts[count++] = row;
                continue;
            }

            if (next is null)
            {
                next = new int[wanted.Length];
                Array.Fill(next, -1);
                last = [.. Enumerable.Range(0, wanted.Length)];
            }

            int first = slots[slot] - 1;
            next[last![first]] = row;
            last[first] = row;
        }

        return new DistinctRows(firsts[..count], next);
    }

    /// <summary>The same rows by other numbers.</summary>
    /// <param name="order">Which row stands at each number: a permutation.</param>
    public DistinctRows Ordered(int[] order)
    {
        ArgumentNullException.ThrowIfNull(order);
        int[] numbers = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            numbers[order[i]] = i;
        }

        return new DistinctRows([.. order.Select(i => rows[i])], next, (rows, numbers));
    }

    /// <summary>Equal for equal rows; spreads others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Hash(float* row, int width)
    {
        Vector256<uint> hash = Vector256<uint>.Zero, odd = Vector256.Create(0x9E3779B1u);
        int i = 0;
        if (width >= 64)
        {
            // Four chains: a multiplication takes ten cycles, and the next may begin in one.
            Vector256<uint> a = hash, b = odd, c = odd + odd, d = c + odd;
            for (; i + 32 <= width; i += 32)
            {
                a = Mix(a, Vector256.Load(row + i), odd);
                b = Mix(b, Vector256.Load(row + i + 8), odd);
                c = Mix(c, Vector256.Load(row + i + 16), odd);
                d = Mix(d, Vector256.Load(row + i + 24), odd);
            }

            hash = Mix(Mix(Mix(a, b, odd), c, odd), d, odd);
        }

        for (; i + 8 <= width; i += 8)
        {
            hash = Mix(hash, Vector256.Load(row + i), odd);
        }

        if (i < width)
        {
            Vector256<float> tail = Vector256<float>.Zero;
            for (int j = i; j < width; j++)
            {
                tail = tail.WithElement(j - i, row[j]);
            }

            hash = Mix(hash, tail, odd);
        }

        uint all = 0;
        for (int j = 0; j < 8; j++)
        {
            all = (all ^ hash.GetElement(j)) * 0x85EBCA6Bu;
            all ^= all >> 15;
        }

        return all;
    }

    /// <summary>Adding 0 makes −0 and 0 one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Mix(Vector256<uint> hash, Vector256<float> values, Vector256<uint> odd) =>
        Mix(hash, (values + Vector256<float>.Zero).AsUInt32(), odd);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Mix(Vector256<uint> hash, Vector256<uint> bits, Vector256<uint> odd)
    {
        hash = (hash ^ bits) * odd;
        return hash ^ (hash >> 15);
    }

    private static bool IsEqual(VectorBlock block, uint[] hashes, int a, int b) =>
        hashes[a] == hashes[b] && new ReadOnlySpan<float>(block.Row(a), block.Width).SequenceEqual(new ReadOnlySpan<float>(block.Row(b), block.Width));
}
