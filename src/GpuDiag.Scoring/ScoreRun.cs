using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Scoring.Models;
using GpuDiag.Scoring.Output;
using GpuDiag.Scoring.Rows;

namespace GpuDiag.Scoring;

/// <summary>The threads of a scoring run.</summary>
internal sealed class ScoreRun : IDisposable
{
    private readonly Dataset data;
    private readonly ScorePlan plan;
    private readonly ScoreOptions options;
    private readonly PartFolder folder;
    private readonly int threads;
    private readonly IProgress<ScanProgress>? progress;
    private readonly CancellationToken cancellation;
    private readonly BlockWorker worker;
    private readonly List<BlockWork> blocks = [];
    private readonly BlockingCollection<BlockWork> free = [];
    private readonly BlockingCollection<BlockWork> ready = [];
    private readonly SemaphoreSlim slots;
    private readonly Lock gate = new();
    private readonly PartNote?[] notes;
    private (long Row, Exception Error)? fault;
    private double? mixing;
    private long done;
    private long reading;
    private long running;
    private long writing;

    public ScoreRun(
        OnnxModel model, Dataset data, ScorePlan plan, ScoreOptions options, PartFolder folder, int threads, IProgress<ScanProgress>? progress, CancellationToken cancellation)
    {
        (this.data, this.plan, this.options, this.folder) = (data, plan, options, folder);
        (this.progress, this.cancellation) = (progress, cancellation);
        long all = (data.Rows + plan.Batch - 1) / plan.Batch;
        this.threads = (int)Math.Min(threads, all);
        worker = new BlockWorker(plan, options.ImageRoot, options.SkipUnreadable);
        notes = new PartNote?[(data.Rows + plan.PartRows - 1) / plan.PartRows];
        slots = new SemaphoreSlim(this.threads + 1);
        string[] outputs = [.. plan.Outputs.Select(o => o.Port.Name)];
        // One in the hands of each worker, and as many again between them and the reader.
        for (int i = 0; i < 2 * this.threads; i++)
        {
            blocks.Add(new BlockWork(new ModelBlock(model, plan.Inputs, plan.Shapes, outputs, plan.Batch)));
            free.Add(blocks[^1], CancellationToken.None);
        }
    }

    /// <summary>Parts that were there already.</summary>
    public int Kept { get; private set; }

    /// <summary>Seconds spent on each step, those of all threads together.</summary>
    public IEnumerable<StageTime> Timings =>
    [
        new("reading rows", (double)reading / Stopwatch.Frequency),
        new("running the model, sum of threads", (double)running / Stopwatch.Frequency),
        new("writing parts, sum of threads", (double)writing / Stopwatch.Frequency),
    ];

    /// <summary>Scores what is not done yet. Returns what became of each part's rows.</summary>
    /// <exception cref="InputException">Of several faults that of the earliest rows.</exception>
    public IReadOnlyList<PartNote> Do()
    {
        Thread[] pool = [.. Enumerable.Range(0, threads).Select(i => new Thread(Work) { IsBackground = true, Name = $"score {i}" })];
        Array.ForEach(pool, t => t.Start());
        try
        {
            Read();
        }
        catch (Exception error)
        {
            Fail(long.MaxValue, error);
        }
        ready.CompleteAdding();
        Array.ForEach(pool, t => t.Join());
        if (fault is { } first)
            ExceptionDispatchInfo.Throw(first.Error);
        cancellation.ThrowIfCancellationRequested();
        return notes!;
    }

    public void Dispose()
    {
        blocks.ForEach(b => b.Block.Dispose());
        free.Dispose();
        ready.Dispose();
        slots.Dispose();
    }

    private bool Stopped => fault is not null || cancellation.IsCancellationRequested;

    private void Read()
    {
        using var reader = new RowReader(data, plan, options.PassMissing);
        for (int index = 0; index < notes.Length && !Stopped; index++)
        {
            long first = (long)index * plan.PartRows;
            int rows = (int)Math.Min(plan.PartRows, data.Rows - first);
            if (!folder.IsNew && folder.Done(index, rows) is { } note)
            {
                notes[index] = note;
                Kept++;
                Tell(rows);
                continue;
            }
            Wait(() => slots.Wait(100, CancellationToken.None));
            if (Stopped)
                return;
            reader.Skip(first);
            var part = new Part(index, first, rows, plan, (rows + plan.Batch - 1) / plan.Batch);
            for (int offset = 0; offset < rows && !Stopped; offset += plan.Batch)
            {
                BlockWork? work = null;
                Wait(() => free.TryTake(out work, 100));
                if (work is null)
                    return;
                (work.Part, work.Offset, work.Rows) = (part, offset, Math.Min(plan.Batch, rows - offset));
                long start = Stopwatch.GetTimestamp();
                reader.Read(work.Block, work.Images, part, offset, work.Rows);
                reading += Stopwatch.GetTimestamp() - start;
                ready.Add(work, CancellationToken.None);
            }
        }
    }

    /// <summary>Until it is so, or the run is stopped.</summary>
    private void Wait(Func<bool> got)
    {
        while (!Stopped && !got())
        {
        }
    }

    private void Work()
    {
        foreach (var work in ready.GetConsumingEnumerable(CancellationToken.None))
        {
            long row = work.Part.First + work.Offset;
            try
            {
                // Blocks before a faulty one are still run: theirs may be the earlier fault.
                if (cancellation.IsCancellationRequested || fault is { } earlier && earlier.Row < row)
                    continue;
                long start = Stopwatch.GetTimestamp();
                worker.Run(work);
                Interlocked.Add(ref running, Stopwatch.GetTimestamp() - start);
                if (row == 0)
                    mixing = worker.Mixing(work);
                Tell(work.Rows);
                if (work.Part.Close())
                {
                    start = Stopwatch.GetTimestamp();
                    notes[work.Part.Index] = folder.Write(work.Part, work.Part.Index == 0 ? mixing : null, cancellation);
                    Interlocked.Add(ref writing, Stopwatch.GetTimestamp() - start);
                    slots.Release();
                }
            }
            catch (Exception error)
            {
                Fail(row, error);
            }
            finally
            {
                free.Add(work, CancellationToken.None);
            }
        }
    }

    private void Tell(int rows) => progress?.Report(new ScanProgress("scoring", Interlocked.Add(ref done, rows), data.Rows));

    private void Fail(long row, Exception error)
    {
        lock (gate)
            fault = fault is { } earlier && earlier.Row <= row ? earlier : (row, error);
    }
}
