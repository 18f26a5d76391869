using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Drift;

/// <summary>One thread of the pass that tallies every compared column of a dataset, and counts right and wrong rows per segment.</summary>
internal sealed class DriftPass : IBatchWorker
{
    private readonly DriftReading reading;
    private readonly Shared shared;
    private readonly DriftState mine;
    private readonly CodeStage?[] classes;
    private readonly GreatestNumbers?[] greatest;
    private readonly CodeStage[] segments;
    private readonly Column[] columns;
    private readonly IFold<CountBatch, CountState>? count;

    private DriftPass(DriftReading reading, Backend backend, int capacity, Shared shared)
    {
        (this.reading, this.shared) = (reading, shared);
        mine = new DriftState(reading.Columns, reading.Segments);
        classes = [.. reading.Columns.Select((_, i) => reading.Stage(i, capacity))];
        greatest = [.. reading.Columns.Select((_, i) => reading.Greatest(i, capacity))];
        segments = [.. reading.Segments.Skip(1).Select((_, i) => reading.SegmentStage(i, capacity))];
        columns = new Column[reading.Columns.Count];
        count = reading.Plan is { } plan ? backend.Count(plan) : null;
    }

    /// <summary>Reads every row once; twice where a column of labels turns out to hold none, which all rows decide.</summary>
    /// <param name="data">The dataset.</param>
    /// <param name="columns">What to tally; the dataset has them all.</param>
    /// <param name="segments">What to count by, all rows as one first; the dataset has their columns.</param>
    /// <param name="clusters">Of segmentations by cluster, the cluster of each row, −1 for none.</param>
    /// <param name="backend">Counts.</param>
    /// <param name="pipeline">Reads.</param>
    /// <param name="rounds">What is known of the pass already.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="progress">Rows done.</param>
    public static DriftState Run(Dataset data, IReadOnlyList<DriftColumn> columns, IReadOnlyList<DriftSegment> segments, IReadOnlyDictionary<DriftSegment, int[]> clusters, Backend backend, Pipeline pipeline, Rounds rounds, RoundPass pass, Action<long> progress)
    {
        DriftReading reading = new(data.Fields, columns, segments, clusters, true);
        DriftState state = Pass(data, reading, backend, pipeline, rounds, pass, progress);
        if (reading.Plan is null || !reading.Labelled || state.Labelled > 0 || rounds.Goal != RoundGoal.Result)
        {
            return state;
        }

        // Confidences of rows without labels are counted only where labels are not asked for.
        DriftReading again = new(data.Fields, [.. columns.Where(c => DriftKinds.IsModel(c.Kind))], segments, clusters, false);
        DriftState unlabelled = Pass(data, again, backend, pipeline, rounds, new RoundPass($"{pass.Name}, unlabelled") { IsShared = false, IsApart = true }, progress);
        return state.WithSegments(unlabelled);
    }

    public void Accept(Batch batch)
    {
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = (Column?)classes[i]?.Take(batch) ?? greatest[i]?.Take(batch) ?? batch.Columns[reading.Place(i)];
            mine.Tallies[i].Accept(columns[i], batch.Rows);
        }

        if (count is not null)
        {
            CodeColumn prediction = (CodeColumn)columns[reading.Prediction];
            CodeColumn label = reading.Labelled ? (CodeColumn)columns[reading.Label] : prediction;
            NumberColumn? confidence = reading.Confidence < 0 ? null : (NumberColumn)columns[reading.Confidence];
            count.Accept(new CountBatch(batch.Rows, label, prediction, [.. segments.Select(s => s.Take(batch))], confidence));
        }
    }

    public void Finish()
    {
        CountState? counted = count?.Take();
        lock (shared)
        {
            shared.State.Merge(mine);
            if (counted is null)
            {
                return;
            }

            if (shared.Counts is null)
            {
                shared.Counts = counted;
                return;
            }

            shared.Counts.Merge(counted);
            counted.Dispose();
        }
    }

    public void Dispose()
    {
        count?.Dispose();
        foreach (GreatestNumbers? numbers in greatest)
        {
            numbers?.Dispose();
        }

        foreach (CodeStage? stage in classes.Concat(segments))
        {
            stage?.Dispose();
        }
    }

    private static DriftState Pass(Dataset data, DriftReading reading, Backend backend, Pipeline pipeline, Rounds rounds, RoundPass pass, Action<long> progress)
    {
        DriftState state = new(reading.Columns, reading.Segments);
        rounds.Pass(pass, pipeline, some => Read(data, reading, state, backend, some, progress), state.Write, reader => state.Merge(DriftState.Read(reader)));
        return state;
    }

    /// <summary>Adds what some of the rows have to a state.</summary>
    private static void Read(Dataset data, DriftReading reading, DriftState state, Backend backend, Pipeline pipeline, Action<long> progress)
    {
        Shared shared = new(state);
        int rowBytes = 8 * Math.Max(1, reading.Requests.Sum(r => r.Form == ColumnForm.Matrix ? WidthOf(data, r.Column) : 1));
        pipeline.Run(reading.Requests, () => new DriftPass(reading, backend, pipeline.BatchRows(rowBytes), shared), rowBytes, progress);
        if (shared.Counts is { } counts)
        {
            state.Count(counts, reading.Labelled);
            counts.Dispose();
        }

        state.Rows += pipeline.RowsRead;
    }

    /// <summary>Numbers per row of a list column, where the file states it; else a usual width of embeddings.</summary>
    private static int WidthOf(Dataset data, string column) => data.Fields.First(f => f.Name == column).Width is > 0 and int width ? width : 512;

    private sealed class Shared(DriftState state)
    {
        public DriftState State { get; } = state;

        public CountState? Counts { get; set; }
    }
}
