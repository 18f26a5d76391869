using System.Collections.Concurrent;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// Matches the rows of two datasets by id: a row of each, where the id occurs once on either side. Ids are known by their
/// text (3 and "3" are one). Whole numbers that lie close together have a place each (<see cref="DenseIdJoin"/>); others are told apart by 128 bits of hash, 24 bytes a row in 256 buckets; where that is more than the
/// memory given, in several readings of both columns, each of a part of the buckets. So the result does not depend on memory,
/// order or threads.
/// </summary>
internal sealed class IdJoin(Dataset before, Field beforeId, Dataset after, Field afterId, int threads)
{
    private const long DefaultMemory = 1L << 30;

    private const int RowBytes = 64;

    /// <summary>Bytes of ids from which on their memory is given back at once.</summary>
    private const long LargeIds = 1L << 28;

    /// <param name="readers">Reads BEFORE, and AFTER.</param>
    /// <param name="memory">Bytes for ids; null for 1 GiB.</param>
    /// <param name="folder">For what does not fit into memory.</param>
    /// <param name="progress">Receives the rows done of a reading.</param>
    public JoinMap Run((Pipeline Before, Pipeline After) readers, long? memory, string folder, Action<long>? progress)
    {
        bool whole = beforeId.Type == FieldType.Integer && afterId.Type == FieldType.Integer;
        JoinMap? map = whole ? Dense(readers, memory, folder, progress) ?? Read(readers, memory, folder, new IdKeys(true), progress) : null;
        return map ?? Read(readers, memory, folder, new IdKeys(false), progress)!;
    }

    /// <summary>Null: ids are not close together, or would not fit.</summary>
    private JoinMap? Dense((Pipeline Before, Pipeline After) readers, long? memory, string folder, Action<long>? progress)
    {
        long room = Room(memory);
        JoinMap map = JoinMap.Empty(after.Rows, room, folder);
        try
        {
            if (DenseIdJoin.Run(readers, (beforeId, afterId), (before.Rows, after.Rows), room, map, threads, progress) is { } result)
            {
                map.Result = result;
                return map;
            }
        }
        catch
        {
            map.Dispose();
            throw;
        }

        map.Dispose();
        return null;
    }

    private static long Room(long? memory) => Math.Max(1 << 20, memory ?? DefaultMemory);

    /// <summary>Null: whole numbers are too large to be read as numbers.</summary>
    private JoinMap? Read((Pipeline Before, Pipeline After) readers, long? memory, string folder, IdKeys keys, Action<long>? progress)
    {
        long room = Room(memory);
        int readings = (int)Math.Clamp((((before.Rows + after.Rows) * IdEntry.Bytes) + room - 1) / room, 1, IdBuckets.Count);
        JoinMap map = JoinMap.Empty(after.Rows, room, folder);
        JoinTally total = new();
        for (int reading = 0; reading < readings; reading++)
        {
            IdBuckets left = new(keys, readings, reading), right = new(keys, readings, reading);
            readers.Before.Run([keys.Request(beforeId)], left.Worker, RowBytes, progress);
            readers.After.Run([keys.Request(afterId)], right.Worker, RowBytes, progress);
            if (keys.AreTooLarge)
            {
                map.Dispose();
                return null;
            }

            (total.NullBefore, total.NullAfter) = (left.Nulls, right.Nulls);
            ConcurrentBag<JoinTally> parts = [];
            Parallel.For(0, IdBuckets.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, b => parts.Add(Match(left.Take(b), right.Take(b), map)));
            foreach (JoinTally part in parts)
            {
                total.Add(part);
            }
        }

        map.Result = total.Result(before.Rows, after.Rows);
        if ((before.Rows + after.Rows) * IdEntry.Bytes >= LargeIds)
        {
            // What comes next should not take its memory on top of ids that nobody needs any more.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        }

        return map;
    }

    /// <summary>Matches one bucket by a hash table of its distinct ids.</summary>
    private static JoinTally Match(IdEntry[] left, IdEntry[] right, JoinMap map)
    {
        JoinTally tally = new();
        int most = Math.Max(1, left.Length + right.Length);
        int mask = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)most * 2) - 1;
        int[] slots = new int[mask + 1];
        List<IdGroup> groups = new(left.Length);
        Fill(left, true);
        Fill(right, false);
        foreach (IdGroup group in groups)
        {
            if (group is { Before: 1, After: 1 })
            {
                map.Match(group.AfterRow, group.BeforeRow);
                tally.Matched++;
            }
            else if (group.Before > 1 || group.After > 1)
            {
                tally.RepeatedBefore += group.Before;
                tally.RepeatedAfter += group.After;
            }
            else
            {
                tally.OnlyBefore += group.Before;
                tally.OnlyAfter += group.After;
            }
        }

        return tally;

        void Fill(IdEntry[] entries, bool isBefore)
        {
            Span<int> table = slots;
            foreach (ref readonly IdEntry entry in entries.AsSpan())
            {
                int i = (int)(entry.Low >> 8) & mask;
                Span<IdGroup> known = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(groups);
                while (table[i] != 0 && (known[table[i] - 1].Low != entry.Low || known[table[i] - 1].High != entry.High))
                {
                    i = (i + 1) & mask;
                }

                if (table[i] == 0)
                {
                    groups.Add(new IdGroup { High = entry.High, Low = entry.Low });
                    table[i] = groups.Count;
                    known = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(groups);
                }

                ref IdGroup group = ref known[table[i] - 1];
                if (isBefore)
                {
                    (group.Before, group.BeforeRow) = (group.Before + 1, entry.Row);
                }
                else
                {
                    (group.After, group.AfterRow) = (group.After + 1, entry.Row);
                }
            }
        }
    }

    private struct IdGroup
    {
        public ulong High, Low;
        public long BeforeRow, AfterRow, Before, After;
    }
}
