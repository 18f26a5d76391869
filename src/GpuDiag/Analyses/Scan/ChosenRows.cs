using System.Runtime.ExceptionServices;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>Reads columns of some rows, from the chunks that hold such rows only.</summary>
internal static class ChosenRows
{
    /// <summary>Hands over each row once, from any thread.</summary>
    /// <param name="data">What to read.</param>
    /// <param name="columns">What of it.</param>
    /// <param name="rows">Row numbers, ascending, each once.</param>
    /// <param name="capacity">Rows of a batch.</param>
    /// <param name="threads">Threads that may read.</param>
    /// <param name="take">Receives the row's place in <paramref name="rows"/>, the batch, and the row's place in that.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="InputException">The data's fault; of several, that of the earliest chunk.</exception>
    public static void Read(
        Dataset data, IReadOnlyList<ColumnRequest> columns, long[] rows, int capacity, int threads, Action<int, Batch, int> take, CancellationToken cancel)
    {
        Wanted[] wanted = ChunksOf(data, rows).ToArray();
        if (wanted.Length == 0 || columns.Count == 0)
        {
            return;
        }

        int next = -1;
        Exception?[] faults = new Exception?[wanted.Length];
        Parallel.For(0, Math.Min(threads, wanted.Length), new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            int at = -1;
            try
            {
                using Batch batch = new(columns, capacity);
                using DatasetReader reader = data.Open(columns);
                while ((at = Interlocked.Increment(ref next)) < wanted.Length && !cancel.IsCancellationRequested)
                {
                    ReadChunk(reader, batch, wanted[at], rows, take, cancel);
                }
            }
            catch (Exception error)
            {
                faults[Math.Max(at, 0)] = error;
                Interlocked.Exchange(ref next, wanted.Length);
            }
        });
        if (faults.FirstOrDefault(f => f is not null) is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        cancel.ThrowIfCancellationRequested();
    }

    private static void ReadChunk(
        DatasetReader reader, Batch batch, Wanted wanted, long[] rows, Action<int, Batch, int> take, CancellationToken cancel)
    {
        reader.Start(wanted.Chunk);
        int at = wanted.From;
        while (at < wanted.To && !cancel.IsCancellationRequested)
        {
            // A batch without a row that is wanted need not be read.
            while (batch.Capacity <= rows[at] - reader.NextRow && reader.Skip(batch) > 0)
            {
            }

            if (reader.Read(batch) == 0)
            {
                break;
            }

            for (; at < wanted.To && rows[at] < batch.FirstRow + batch.Rows; at++)
            {
                take(at, batch, (int)(rows[at] - batch.FirstRow));
            }
        }
    }

    /// <summary>The chunks that hold rows, and which.</summary>
    private static IEnumerable<Wanted> ChunksOf(Dataset data, long[] rows)
    {
        int from = 0;
        for (int chunk = 0; chunk < data.Chunks.Count && from < rows.Length; chunk++)
        {
            int to = from;
            while (to < rows.Length && rows[to] < data.Chunks[chunk].FirstRow + data.Chunks[chunk].Rows)
            {
                to++;
            }

            if (to > from)
            {
                yield return new Wanted(chunk, from, to);
            }

            from = to;
        }
    }

    /// <summary>The places [From, To) of the rows wanted lie in a chunk.</summary>
    private sealed record Wanted(int Chunk, int From, int To);
}
