using System.Numerics;
using System.Runtime.CompilerServices;

namespace GpuDiag.Engine;

/// <summary>
/// A multiset of numbers, kept as distinct prefixes of their <see cref="ScoreKey"/>s with counts, at the greatest
/// prefix length of at most 64 bits for which no more than <c>capacity</c> prefixes are distinct: exact while at most
/// that many numbers are. Memory does not depend on how many numbers come.
/// Law: the state depends on the multiset alone. More numbers never allow a longer prefix, and a length once given up
/// would have to be given up in any order of arrival, so any split and any merge end at the same.
/// </summary>
public sealed class KeyHistogram : IState<KeyHistogram>
{
    private const int LeastBuffer = 64;
    private const int MostTableCells = 16;
    private readonly int capacity;
    private ulong[] pending = [];
    private int pendingCount;
    private ulong[] keys = [];
    private long[] counts = [];
    private ulong[] spareKeys = [];
    private long[] spareCounts = [];
    private int distinct;

    // Where keys are cut, and come one by one, they are counted here, and keys and counts are empty.
    private PrefixCounts? table;
    private bool isSparse;

    /// <param name="capacity">Distinct prefixes at most, at least 1.</param>
    public KeyHistogram(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        this.capacity = capacity;
    }

    /// <summary>Numbers added.</summary>
    public long Count { get; private set; }

    /// <summary>Prefix length. 64: all numbers are told apart.</summary>
    public int Bits { get; private set; } = 64;

    /// <summary>Distinct prefixes.</summary>
    public int Distinct
    {
        get
        {
            Flush();
            return distinct;
        }
    }

    /// <summary>Adds a number other than NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double value)
    {
        Count++;
        if (table is { } counted)
        {
            if (counted.Add(ScoreKey.Of(value)) && (counted.Distinct > capacity || counted.Cells > MostTableCells * (long)capacity))
            {
                Leave(counted);
            }

            return;
        }

        if (pendingCount == pending.Length)
        {
            Flush();
            if (Bits < 64 && !isSparse && PrefixCounts.Fits(Bits))
            {
                Enter();
                Count--;
                Add(value);
                return;
            }
        }

        pending[pendingCount++] = ScoreKey.Of(value);
    }

    public void Merge(KeyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other.Flush();
        Flush();
        Count += other.Count;
        Shorten(other.Bits);
        Combine([.. other.keys.Take(other.distinct).Select(k => Prefix(k, other.Bits, Bits))], other.counts.AsSpan(0, other.distinct));
        (spareKeys, spareCounts) = ([], []);
    }

    /// <summary>The same numbers as prefixes of at most so many bits.</summary>
    public KeyHistogram Shortened(int bits)
    {
        Flush();
        KeyHistogram copy = new(capacity) { Bits = Bits, Count = Count, keys = keys[..distinct], counts = counts[..distinct], distinct = distinct };
        copy.Shorten(bits);
        return copy;
    }

    /// <summary>Prefix number <paramref name="i"/> in ascending order: its least and its greatest number (equal with 64 bits), and its count.</summary>
    public (double Low, double High, long Count) Cell(int i)
    {
        ulong low = Bits == 0 ? 0 : keys[i] << (64 - Bits);
        ulong high = Bits == 64 ? low : low | (ulong.MaxValue >> Bits);
        return (ScoreKey.Value(low), ScoreKey.Value(high), counts[i]);
    }

    /// <summary>Prefix number <paramref name="i"/> in ascending order.</summary>
    public ulong Key(int i) => keys[i];

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">No histogram of this capacity is so written.</exception>
    public static KeyHistogram Read(BinaryReader reader, int capacity)
    {
        ArgumentNullException.ThrowIfNull(reader);
        int bits = reader.ReadInt32(), distinct = reader.ReadInt32();
        if (bits is < 0 or > 64 || distinct < 0 || distinct > capacity)
        {
            throw new InvalidDataException("a histogram has an impossible size");
        }

        ulong[] keys = new ulong[distinct];
        long[] counts = new long[distinct];
        for (int i = 0; i < distinct; i++)
        {
            (keys[i], counts[i]) = (reader.ReadUInt64(), reader.ReadInt64());
        }

        return Of(capacity, bits, keys, counts);
    }

    /// <summary>The histogram of these prefixes.</summary>
    /// <exception cref="InvalidDataException">They are not prefixes of so many bits in ascending order with counts above 0, or too many.</exception>
    internal static KeyHistogram Of(int capacity, int bits, ulong[] keys, long[] counts)
    {
        if (bits is < 0 or > 64 || keys.Length > capacity)
        {
            throw new InvalidDataException("a histogram has an impossible size");
        }

        KeyHistogram read = new(capacity) { Bits = bits, keys = keys, counts = counts, distinct = keys.Length };
        for (int i = 0; i < keys.Length; i++)
        {
            if (counts[i] <= 0 || (i > 0 && keys[i] <= keys[i - 1]) || (bits < 64 && keys[i] >> bits != 0))
            {
                throw new InvalidDataException("a histogram is out of order");
            }

            read.Count = checked(read.Count + counts[i]);
        }

        return read;
    }

    /// <summary>The partition of the line at these numbers.</summary>
    public ScorePartition ToPartition()
    {
        Flush();
        return new ScorePartition(keys[..distinct], Bits);
    }

    /// <summary>
    /// The number of rank ⌊q·(Count−1)⌋ in ascending order; with fewer than 64 bits, the least number of its prefix.
    /// Undefined (NaN) when empty.
    /// </summary>
    public double Quantile(double q)
    {
        Flush();
        long rank = (long)Math.Floor(Math.Clamp(q, 0, 1) * (Count - 1));
        for (int i = 0; i < distinct; i++)
        {
            rank -= counts[i];
            if (rank < 0)
            {
                return ScoreKey.Value(Bits == 0 ? 0 : keys[i] << (64 - Bits));
            }
        }

        return double.NaN;
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Flush();
        writer.Write(Bits);
        writer.Write(distinct);
        for (int i = 0; i < distinct; i++)
        {
            writer.Write(keys[i]);
            writer.Write(counts[i]);
        }
    }

    /// <summary>Merges in what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">No histogram of this capacity is so written.</exception>
    internal void Load(BinaryReader reader) => Merge(Read(reader, capacity));

    /// <summary>The first <paramref name="to"/> of a prefix's <paramref name="from"/> bits.</summary>
    private static ulong Prefix(ulong prefix, int from, int to) => to == 0 ? 0 : prefix >> (from - to);

    /// <summary>Sorts what is pending into the prefixes, and makes room for as much again as there are prefixes.</summary>
    private void Flush()
    {
        if (table is { } counted)
        {
            Leave(counted);
        }

        if (pendingCount > 0)
        {
            Span<ulong> added = pending.AsSpan(0, pendingCount);
            foreach (ref ulong key in added)
            {
                key = Prefix(key, 64, Bits);
            }

            KeySort.Sort(added, Bits);
            pendingCount = 0;
            Combine(added, default);
        }

        int room = Math.Max(LeastBuffer, distinct);
        if (pending.Length < room)
        {
            pending = new ulong[room];
        }
    }

    /// <summary>Moves the counts into a table.</summary>
    private void Enter()
    {
        table = new PrefixCounts(Bits);
        for (int i = 0; i < distinct; i++)
        {
            table.Add(keys[i], counts[i]);
        }

        // The table is all that is needed from here on.
        (distinct, keys, counts, spareKeys, spareCounts, pending) = (0, [], [], [], [], []);
    }

    /// <summary>Moves the counts out of the table, and shortens as far as needed. A table of few prefixes to its cells is not made again.</summary>
    private void Leave(PrefixCounts counted)
    {
        table = null;
        isSparse = counted.Cells > MostTableCells * (long)capacity;
        distinct = counted.Distinct;
        (keys, counts) = (new ulong[distinct], new long[distinct]);
        counted.CopyTo(keys, counts);
        if (distinct > capacity)
        {
            Shorten(Fitting());
        }
    }

    /// <summary>
    /// Merges ascending prefixes of the present length (not always distinct), then shortens as far as needed. Goes into arrays that the last
    /// call left behind, where they are large enough.
    /// </summary>
    /// <param name="otherKeys">The prefixes.</param>
    /// <param name="otherCounts">Their counts; empty: 1 each.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine(ReadOnlySpan<ulong> otherKeys, ReadOnlySpan<long> otherCounts)
    {
        int most = distinct + otherKeys.Length;
        if (spareKeys.Length < most)
        {
            (spareKeys, spareCounts) = (new ulong[most], new long[most]);
        }

        ulong[] merged = spareKeys;
        long[] sums = spareCounts;
        int n = 0, i = 0, j = 0;
        while (i < distinct || j < otherKeys.Length)
        {
            bool mine = j == otherKeys.Length || (i < distinct && keys[i] <= otherKeys[j]);
            ulong key = mine ? keys[i] : otherKeys[j];
            long count = mine ? counts[i++] : otherCounts.IsEmpty ? 1 : otherCounts[j];
            j += mine ? 0 : 1;
            if (n > 0 && merged[n - 1] == key)
            {
                sums[n - 1] += count;
                continue;
            }

            merged[n] = key;
            sums[n++] = count;
        }

        (spareKeys, spareCounts, keys, counts, distinct) = (keys, counts, merged, sums, n);
        if (n > capacity)
        {
            Shorten(Fitting());
        }
    }

    /// <summary>The greatest length at which no more than <c>capacity</c> prefixes are distinct.</summary>
    private int Fitting()
    {
        // Neighbours whose first difference is bit b (from the top, 0-based) are distinct from length b + 1 on.
        Span<int> differences = stackalloc int[64];
        differences.Clear();
        for (int i = 1; i < distinct; i++)
        {
            differences[BitOperations.LeadingZeroCount(keys[i] ^ keys[i - 1]) - (64 - Bits)]++;
        }

        int fitting = 1, length = 0;
        while (fitting + differences[length] <= capacity)
        {
            fitting += differences[length++];
        }

        return length;
    }

    private void Shorten(int bits)
    {
        if (bits >= Bits)
        {
            return;
        }

        int n = 0;
        for (int i = 0; i < distinct; i++)
        {
            ulong prefix = Prefix(keys[i], Bits, bits);
            if (n == 0 || keys[n - 1] != prefix)
            {
                keys[n] = prefix;
                counts[n++] = counts[i];
            }
            else
            {
                counts[n - 1] += counts[i];
            }
        }

        distinct = n;
        Bits = bits;
    }
}
