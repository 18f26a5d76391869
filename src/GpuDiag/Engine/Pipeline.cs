using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using GpuDiag.Columns;

namespace GpuDiag.Engine;

/// <summary>Takes the batches of one thread of a <see cref="Pipeline"/>.</summary>
public interface IBatchWorker : IDisposable
{
    void Accept(Batch batch);

    /// <summary>Hands over what was learnt, after the last batch. Not called when a batch failed or the run was cancelled.</summary>
    void Finish();
}

/// <summary>
/// Runs batches of a dataset through workers, one per thread: each reads and decodes whole chunks of its own and
/// computes on them, so decoding and computing overlap across threads and no row crosses one. Which thread gets
/// which chunk differs between runs; results must not (the law of the fold).
/// </summary>
/// <param name="data">What to read.</param>
/// <param name="threads">Threads that read and compute.</param>
/// <param name="memory">Bytes that all threads' batches may take together, with what readers hold beside them; null for 16 MB per batch, less where half of the machine's memory, or of its container's, is less.</param>
/// <param name="cancel">Stops a run.</param>
public sealed class Pipeline(Dataset data, int threads, long? memory, CancellationToken cancel)
{
    /// <summary>The chunks to read: from the first, to before the end.</summary>
    private (int First, int End) range = (0, data.Chunks.Count);
    private Func<bool>? stops;

    /// <summary>Bytes of one batch that a thread aims at: large enough to amortise a call, small enough for its cache.</summary>
    private const long LargestBatch = 16L << 20;

    private const long SmallestBatch = 1L << 18;

    // A reader holds a column chunk's window and its dictionary beside the batch: some seven times as much again.
    // What there is, is the container's limit where it has one.
    private readonly long batchBytes = Math.Clamp((memory ?? AvailableMemory.Bytes / 2) / threads / 8, SmallestBatch, LargestBatch);

    internal Dataset Data => data;

    /// <summary>Rows that the last run read.</summary>
    internal long RowsRead => FirstRow(Reached) - FirstRow(range.First);

    /// <summary>Chunks of the data.</summary>
    internal int Chunks => data.Chunks.Count;

    /// <summary>The chunk before which the last run stopped: all before it, from its first on, were read.</summary>
    internal int Reached { get; private set; }

    /// <summary>The row at which a chunk starts; of the chunk past the last, the number of rows.</summary>
    internal long FirstRow(int chunk) => chunk < data.Chunks.Count ? data.Chunks[chunk].FirstRow : data.Rows;

    /// <summary>The same over some chunks.</summary>
    /// <param name="chunks">The first, and that before which to end.</param>
    /// <param name="stop">Asked before each chunk but the first: true to read no further. Null: never.</param>
    internal Pipeline Of((int First, int End) chunks, Func<bool>? stop = null) => new(data, threads, memory, cancel) { range = chunks, stops = stop };

    /// <summary>Reads every row once.</summary>
    /// <param name="columns">What to read.</param>
    /// <param name="worker">Makes one worker per thread, called on that thread; the pipeline disposes it.</param>
    /// <param name="rowBytes">Bytes that a row takes in memory, from which follows the size of a batch.</param>
    /// <param name="progress">Receives the rows done so far, from any thread.</param>
    /// <exception cref="InputException">The data's fault; of several, that of the earliest chunk.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Run(IReadOnlyList<ColumnRequest> columns, Func<IBatchWorker> worker, int rowBytes, Action<long>? progress = null)
    {
        IReadOnlyList<DatasetChunk> chunks = data.Chunks;
        int next = range.First - 1;
        long done = FirstRow(range.First);
        (int Chunk, Exception Error)? fault = null;
        ConcurrentDictionary<int, InputException> unreadable = [];
        Lock gate = new();
        int workers = Math.Max(1, Math.Min(threads, range.End - range.First));
        Thread[] pool = [.. Enumerable.Range(0, workers).Select(i => new Thread(Work) { IsBackground = true, Name = $"scan {i}" })];
        Array.ForEach(pool, t => t.Start());
        Array.ForEach(pool, t => t.Join());
        if (fault is { } first)
        {
            ExceptionDispatchInfo.Throw(first.Error);
        }

        if (!unreadable.IsEmpty)
        {
            throw new UnreadableFilesException([.. unreadable.OrderBy(f => f.Key).Select(f => new UnreadFile(data.Files[f.Key].Path, f.Value.Message))]);
        }

        cancel.ThrowIfCancellationRequested();
        Reached = Math.Min(next + 1, range.End);

        void Work()
        {
            int chunk = 0;
            bool started = false;
            try
            {
                using IBatchWorker mine = worker();
                using Batch batch = new(columns, BatchRows(rowBytes));
                using DatasetReader reader = data.Open(columns);
                while ((Volatile.Read(ref next) < range.First || stops?.Invoke() != true) && (chunk = Interlocked.Increment(ref next)) < range.End)
                {
                    int file = chunks[chunk].File;
                    try
                    {
                        while (!cancel.IsCancellationRequested && !unreadable.ContainsKey(file) && Next() is > 0 and int rows)
                        {
                            mine.Accept(batch);
                            progress?.Invoke(Interlocked.Add(ref done, rows));
                        }
                    }
                    catch (InputException error) when (data.Quarantines && error.Unreadable && error.File == data.Files[file].Path)
                    {
                        unreadable.TryAdd(file, error);
                    }

                    started = false;
                }

                if (!cancel.IsCancellationRequested && unreadable.IsEmpty)
                {
                    mine.Finish();
                }

                int Next()
                {
                    if (!started)
                    {
                        reader.Start(chunk);
                        started = true;
                    }

                    return reader.Read(batch);
                }
            }
            catch (Exception error)
            {
                lock (gate)
                {
                    fault = fault is { } earlier && earlier.Chunk <= chunk ? earlier : (chunk, error);
                }

                // No thread starts another chunk.
                Interlocked.Exchange(ref next, chunks.Count);
            }
        }
    }

    /// <summary>Rows per batch for rows of so many bytes: a multiple of 256, at least 256.</summary>
    public int BatchRows(int rowBytes) =>
        (int)Math.Clamp(batchBytes / Math.Max(1, rowBytes) / 256 * 256, 256, Batch.DefaultCapacity);
}
