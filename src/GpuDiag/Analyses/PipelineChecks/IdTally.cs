using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>
/// How many ids occur more than once. Ids are told apart by 128 bits of hash, 16 bytes a row, sorted in 256 buckets; where
/// that is more than the memory given, in several readings of the column, each of a part of the hashes. So the count is
/// exact, and the same, whatever the memory.
/// </summary>
/// <param name="Column">The column of ids.</param>
/// <param name="Nulls">Rows without one.</param>
/// <param name="Duplicated">Distinct ids that occur more than once.</param>
/// <param name="Surplus">Rows that there would be fewer if each id occurred once.</param>
/// <param name="Most">Rows of the commonest id.</param>
/// <param name="FirstRow">The first row of the duplicated id that occurs first; −1 for none.</param>
/// <param name="SecondRow">The next row of the same id.</param>
internal sealed record IdTally(string Column, long Nulls, long Duplicated, long Surplus, long Most, long FirstRow, long SecondRow)
{
    private const long DefaultMemory = 2L << 30, KeyBytes = 16;

    private const int Buckets = 256, Piece = 1 << 10, RowBytes = 64;

    /// <param name="data">The dataset.</param>
    /// <param name="id">Its column of ids.</param>
    /// <param name="pipeline">Reads it.</param>
    /// <param name="memory">Bytes for the hashes; null for 2 GiB, or a quarter of what there is.</param>
    /// <param name="threads">Threads that sort.</param>
    /// <param name="progress">Receives the rows done, over all readings.</param>
    public static IdTally Read(Dataset data, Field id, Pipeline pipeline, long? memory, int threads, Action<long>? progress)
    {
        int readings = (int)Math.Clamp(((data.Rows * KeyBytes) + Room(memory) - 1) / Room(memory), 1, Buckets);
        long nulls = 0, duplicated = 0, surplus = 0, most = 0;
        ConcurrentBag<UInt128> repeated = [];
        for (int reading = 0; reading < readings; reading++)
        {
            ConcurrentBag<UInt128[]>[] buckets = [.. Enumerable.Range(0, Buckets).Select(_ => new ConcurrentBag<UInt128[]>())];
            int part = reading;
            nulls = 0;
            pipeline.Run([Request(id)], () => new Worker(buckets, readings, part, n => Interlocked.Add(ref nulls, n)), RowBytes, progress);
            Parallel.For(0, Buckets, new ParallelOptions { MaxDegreeOfParallelism = threads }, b =>
            {
                UInt128[] keys = [.. buckets[b].SelectMany(p => p)];
                buckets[b].Clear();
                Array.Sort(keys);
                for (int start = 0, end; start < keys.Length; start = end)
                {
                    for (end = start + 1; end < keys.Length && keys[end] == keys[start];)
                    {
                        end++;
                    }

                    if (end > start + 1)
                    {
                        repeated.Add(keys[start]);
                        Interlocked.Increment(ref duplicated);
                        Interlocked.Add(ref surplus, end - start - 1);
                        lock (buckets)
                        {
                            most = Math.Max(most, end - start);
                        }
                    }
                }
            });
        }

        (long first, long second) = repeated.IsEmpty ? (-1, -1) : First(data, id, [.. repeated]);
        return new IdTally(id.Name, nulls, duplicated, surplus, most, first, second);
    }

    private static long Room(long? memory) => Math.Max(1 << 20, memory ?? Math.Min(DefaultMemory, AvailableMemory.Bytes / 4));

    private static ColumnRequest Request(Field id) => new(id.Name, ColumnForm.Text);

    private static UInt128 Key(string text) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(text.AsSpan()));

    /// <summary>Reads from the first row on until some repeated id has come, and come again.</summary>
    private static (long First, long Second) First(Dataset data, Field id, HashSet<UInt128> repeated)
    {
        ColumnRequest[] request = [Request(id)];
        using Batch batch = new(request, 1 << 12);
        using DatasetReader reader = data.Open(request);
        (long Row, UInt128 Key)? first = null;
        for (int chunk = 0; chunk < data.Chunks.Count; chunk++)
        {
            reader.Start(chunk);
            while (reader.Read(batch) > 0)
            {
                for (int i = 0; i < batch.Rows; i++)
                {
                    if (((TextColumn)batch.Columns[0]).Values[i] is not { } text)
                    {
                        continue;
                    }

                    UInt128 key = Key(text);
                    if (first is { } seen && seen.Key == key)
                    {
                        return (seen.Row, batch.FirstRow + i);
                    }

                    first ??= repeated.Contains(key) ? (batch.FirstRow + i, key) : null;
                }
            }
        }

        return (-1, -1);
    }

    private sealed class Worker(ConcurrentBag<UInt128[]>[] buckets, int readings, int reading, Action<long> addNulls) : IBatchWorker
    {
        private readonly UInt128[][] pieces = [.. buckets.Select(_ => new UInt128[Piece])];
        private readonly int[] filled = new int[buckets.Length];
        private long nulls;

        public void Accept(Batch batch)
        {
            string?[] values = ((TextColumn)batch.Columns[0]).Values;
            for (int i = 0; i < batch.Rows; i++)
            {
                if (values[i] is not { } text)
                {
                    nulls++;
                    continue;
                }

                UInt128 key = Key(text);
                int bucket = (int)(uint)key & (Buckets - 1);
                if (bucket % readings != reading)
                {
                    continue;
                }

                pieces[bucket][filled[bucket]++] = key;
                if (filled[bucket] == Piece)
                {
                    buckets[bucket].Add(pieces[bucket]);
                    (pieces[bucket], filled[bucket]) = (new UInt128[Piece], 0);
                }
            }
        }

        public void Finish()
        {
            for (int b = 0; b < pieces.Length; b++)
            {
                if (filled[b] > 0)
                {
                    buckets[b].Add(pieces[b][..filled[b]]);
                }
            }

            addNulls(nulls);
        }

        public void Dispose()
        {
        }
    }
}
