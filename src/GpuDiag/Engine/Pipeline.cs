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
/// <param name="memory">Bytes that all threads' batches may take together, with what readers hold beside them; null for 16 MB per batch.</param>
/// <param name="cancel">Stops a run.</param>
public sealed class Pipeline(Dataset data, int threads, long? memory, CancellationToken cancel)
{
    /// <summary>Bytes of one batch that a thread aims at: large enough to amortise a call, small enough for its cache.</summary>
    private const long LargestBatch = 16L << 20;

    private const long SmallestBatch = 1L << 18;

    // A reader holds a column chunk's window and its dictionary beside the batch: some seven times as much again.
    private readonly long batchBytes = Math.Clamp((memory ?? long.MaxValue) / threads / 8, SmallestBatch, LargestBatch);

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
        int next = -1;
        long done = 0;
        (int Chunk, Exception Error)? fault = null;
        Lock gate = new();
        int workers = Math.Max(1, Math.Min(threads, chunks.Count));
        Thread[] pool = [.. Enumerable.Range(0, workers).Select(i => new Thread(Work) { IsBackground = true, Name = $"scan {i}" })];
        Array.ForEach(pool, t => t.Start());
        Array.ForEach(pool, t => t.Join());
        if (fault is { } first)
        {
            ExceptionDispatchInfo.Throw(first.Error);
        }

        cancel.ThrowIfCancellationRequested();

        void Work()
        {
            int chunk = 0;
            try
            {
                using IBatchWorker mine = worker();
                using Batch batch = new(columns, BatchRows(rowBytes));
                using DatasetReader reader = data.Open(columns);
                while ((chunk = Interlocked.Increment(ref next)) < chunks.Count)
                {
                    reader.Start(chunk);
                    while (!cancel.IsCancellationRequested && reader.Read(batch) is > 0 and int rows)
                    {
                        mine.Accept(batch);
                        progress?.Invoke(Interlocked.Add(ref done, rows));
                    }
                }

                if (!cancel.IsCancellationRequested)
                {
                    mine.Finish();
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
