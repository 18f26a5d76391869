using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GpuDiag.Columns;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// The keys of a <see cref="ScorePartition"/>, to find a score's slot: the span of the keys is cut into equal buckets, a
/// table says how many keys lie below each, and one vector comparison from there on finds the place. About as many buckets
/// as keys, so that a bucket holds more keys than a vector only where scores crowd; there, a binary search follows.
/// </summary>
internal sealed unsafe class KeyIndex<TScore, TKey, TKeys> : IDisposable
    where TScore : unmanaged
    where TKey : unmanaged, IBinaryInteger<TKey>, IMinMaxValue<TKey>
    where TKeys : struct, IScoreKeys<TScore, TKey>
{
    /// <summary>What <see cref="Count"/> works in.</summary>
    public static readonly int WorkBytes = Block * ((2 * sizeof(TKey)) + sizeof(int));

    private const int Block = 1024, Crowded = -1;
    private readonly AlignedMemory memory = new();
    private readonly TKey* most, least;
    private readonly int[] below;
    private readonly int keys, shift;
    private readonly ulong origin;

    public KeyIndex(ScorePartition partition)
    {
        // Each key as the interval of stored scores that share its prefix; one past the last, what no score reaches.
        keys = partition.Keys.Length;
        int room = keys + Vector512<TKey>.Count;
        memory.Reserve((nuint)(2 * room * sizeof(TKey)));
        most = (TKey*)memory.Pointer;
        least = most + room;
        new Span<TKey>(most, 2 * room).Fill(TKey.MaxValue);
        int rest = 64 - partition.Bits;
        ulong tail = rest == 0 ? 0 : ulong.MaxValue >> (64 - rest);
        for (int i = 0; i < keys; i++)
        {
            ulong first = rest == 64 ? 0 : partition.Keys[i] << rest;
            (least[i], most[i]) = (TKeys.Least(first), TKeys.Most(first | tail));
        }

        if (new ReadOnlySpan<TKey>(most, keys).SequenceEqual(new ReadOnlySpan<TKey>(least, keys)))
        {
            least = most;
        }

        origin = keys == 0 ? 0 : ulong.CreateTruncating(most[0]);
        ulong span = keys == 0 ? 0 : ulong.CreateTruncating(most[keys - 1]) - origin;
        shift = Math.Max(0, BitOperations.Log2(span | 1) - BitOperations.Log2((uint)keys | 1));
        below = new int[(int)(span >> shift) + 1];
        for (int i = 0, bucket = 0; bucket < below.Length; bucket++)
        {
            while (i < keys && (ulong.CreateTruncating(most[i]) - origin) >> shift < (ulong)bucket)
            {
                i++;
            }

            below[bucket] = i;
        }
    }

    /// <summary>
    /// Adds one to the slot of each score: to <paramref name="positives"/> where the row's label is the class, else to
    /// <paramref name="negatives"/>. A vector of memory past the last score must be readable.
    /// </summary>
    /// <param name="work">Room for <see cref="WorkBytes"/>.</param>
    public void Count(TScore* scores, int* labels, int n, int label, long[] negatives, long[] positives, nint work)
    {
        // In loops of few variables each, all of which stay in registers.
        TKey* ofScore = (TKey*)work, ofBucket = ofScore + Block;
        int* slots = (int*)(ofBucket + Block);
        fixed (long* no = negatives, yes = positives)
        {
            for (int done = 0; done < n; done += Block)
            {
                int some = Math.Min(n - done, Block);
                Buckets(scores + done, some, ofScore, ofBucket);
                Slots(ofScore, ofBucket, some, slots);
                Add(slots, labels + done, some, label, no, yes, scores + done);
            }
        }
    }

    public void Dispose() => memory.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Buckets(TScore* scores, int n, TKey* ofScore, TKey* ofBucket)
    {
        Vector512<TKey> first = Vector512.Create(TKey.CreateTruncating(origin)), last = Vector512.Create(TKey.CreateTruncating(below.Length - 1));
        int by = shift;
        for (int i = 0; i < n; i += Vector512<TKey>.Count)
        {
            Vector512<TKey> key = TKeys.Of(Vector512.Load(scores + i));
            key.Store(ofScore + i);
            Vector512.Min((Vector512.Max(key, first) - first) >>> by, last).Store(ofBucket + i);
        }
    }

    /// <summary>The slot of each score; <see cref="Crowded"/> where a bucket holds more keys than a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Slots(TKey* ofScore, TKey* ofBucket, int n, int* slots)
    {
        TKey* bounds = most, starts = least;
        fixed (int* table = below)
        {
            for (int i = 0; i < n; i++)
            {
                TKey key = ofScore[i];
                nint place = table[ulong.CreateTruncating(ofBucket[i])];
                nint less = BitOperations.PopCount(Vector512.LessThan(Vector512.Load(bounds + place), Vector512.Create(key)).ExtractMostSignificantBits());
                place += less;
                int slot = (int)(2 * place) + Unsafe.BitCast<bool, byte>(key >= starts[place]);
                slots[i] = less == Vector512<TKey>.Count ? Crowded : slot;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(int* slots, int* labels, int n, int label, long* negatives, long* positives, TScore* scores)
    {
        for (int i = 0; i < n; i++)
        {
            nint slot = slots[i];
            if (slot == Crowded)
            {
                slot = Search(scores[i]);
            }

            (labels[i] == label ? positives : negatives)[slot]++;
        }
    }

    /// <summary>A slot by binary search in the score's bucket.</summary>
    private int Search(TScore score)
    {
        TKey key = TKeys.Of(score);
        ulong wide = ulong.CreateTruncating(key);
        ulong bucket = wide <= origin ? 0 : Math.Min((wide - origin) >> shift, (ulong)below.Length - 1);
        int from = below[bucket], to = bucket + 1 < (ulong)below.Length ? below[bucket + 1] : keys;
        while (from < to)
        {
            int middle = (from + to) >>> 1;
            (from, to) = most[middle] < key ? (middle + 1, to) : (from, middle);
        }

        return (2 * from) + (key >= least[from] ? 1 : 0);
    }
}
