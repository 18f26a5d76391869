using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>One thread that reads BEFORE and puts what AFTER says of the same rows beside it.</summary>
internal sealed class PairPass : IBatchWorker
{
    private readonly Shared shared;
    private readonly RowColumns columns;
    private readonly IFold<CountBatch, CountState> count;
    private readonly PairCodes[] pairs;
    private readonly CodeColumn[] groups, segments;
    private readonly CodeColumn after;
    private readonly CodeColumn? cluster;
    private readonly int[] labels, afterCodes, clusterCodes;
    private readonly PairState mine;
    private readonly ScorePairs? scores;
    private readonly CalibrationPairs? calibration;

    private PairPass(Shared shared, int capacity)
    {
        this.shared = shared;
        columns = new RowColumns(shared.Side.Rows, shared.Pass, capacity);
        count = shared.Side.Rows.Backend.Count(shared.Plan);
        pairs = [.. shared.Pairs.Select(p => new PairCodes(p, capacity))];
        groups = new CodeColumn[pairs.Length];
        segments = new CodeColumn[pairs.Length - 1];
        cluster = shared.Clusters is { } clusters ? new CodeColumn(clusters.Domain, capacity) : null;
        clusterCodes = new int[cluster is null ? 0 : capacity];
        after = new CodeColumn(shared.Side.Rows.Columns.Classes, capacity);
        labels = new int[capacity];
        afterCodes = new int[capacity];
        mine = new PairState(new CountState(shared.Plan));
        Domain[] domains = [.. shared.Pairs.Skip(1).Select(p => p.Segments)];
        scores = shared.After.Width > 0 ? new ScorePairs(shared.Side, shared.Other, columns, domains, shared.Ranked, shared.After, capacity) : null;
        calibration = shared.After.HasConfidence ? new CalibrationPairs(shared.Side, domains, shared.After, shared.Bins, capacity) : null;
    }

    /// <summary>Reads every row once. The pairs of the first segmentation, all rows, are of labels and null; those of the last, where there are clusters, of labels and clusters.</summary>
    public static PairState Run(CompareSide before, CompareSide other, AfterRows after, IReadOnlyList<PairDomain> pairs, CompareClusters? clusters, int[] ranked, Rounds rounds, StageClock clock)
    {
        ScanPass pass = before.Pass();
        CountPlan plan = new(before.Rows.Columns.Classes, [.. pairs.Select(p => p.Domain)], false);
        Shared shared = new(before, other, pass, after, pairs, clusters, ranked, plan, CalibrationPairs.Bins()) { State = new PairState(new CountState(plan)) };
        int rowBytes = pass.RowBytes(before.Rows.ClassCodes.Length);
        PairStateFile file = new(before, other, pairs, ranked, after);
        rounds.Pass(
            new RoundPass("compare"),
            before.Reader,
            some => clock.Pass("compare", "comparing", before.Data.Rows, done => some.Run(pass.Requests, () => new PairPass(shared, some.BatchRows(rowBytes)), rowBytes, done)),
            writer => file.Save(writer, shared.State, rounds.Rows),
            reader => file.Load(reader, shared.State));
        return shared.State;
    }

    /// <summary>Counts once more, by clusters, rows that were compared: by what their labels were settled to be.</summary>
    /// <param name="before">BEFORE.</param>
    /// <param name="other">AFTER.</param>
    /// <param name="after">What it says.</param>
    /// <param name="pairs">Of all rows, and of clusters.</param>
    /// <param name="clusters">The clusters.</param>
    /// <param name="clock">Times the pass.</param>
    public static PairState Count(CompareSide before, CompareSide other, AfterRows after, IReadOnlyList<PairDomain> pairs, CompareClusters clusters, StageClock clock)
    {
        ScanPass pass = before.Pass();
        CountPlan plan = new(before.Rows.Columns.Classes, [.. pairs.Select(p => p.Domain)], false);
        Shared shared = new(before, other, pass, after, pairs, clusters, [], plan, CalibrationPairs.Bins()) { State = new PairState(new CountState(plan)), IsSettled = true };
        int rowBytes = pass.RowBytes(before.Rows.ClassCodes.Length);
        clock.Pass("compare clusters", "comparing clusters", before.Data.Rows, done => before.Reader.Run(pass.Requests, () => new PairPass(shared, before.Reader.BatchRows(rowBytes)), rowBytes, done));
        return shared.State;
    }

    public void Accept(Batch batch)
    {
        columns.Take(batch);
        int limit = shared.IsSettled ? Settled(batch) : Settle(batch);
        ReadOnlySpan<int> counted = labels.AsSpan(0, batch.Rows);
        Segment(batch);
        for (int s = 0; s < pairs.Length; s++)
        {
            groups[s] = pairs[s].Take(counted, limit, s == 0 ? null : segments[s - 1]);
        }

        CodeNarrowing.Fill(after, afterCodes.AsSpan(0, batch.Rows));
        count.Accept(new CountBatch(batch.Rows, columns.Prediction, after, groups, null));
        calibration?.Accept(batch, columns, segments, counted, after);
        scores?.Accept(batch, segments, labels.AsSpan(0, batch.Rows));
        labels.AsSpan(0, batch.Rows).CopyTo(shared.After.Labels(batch.FirstRow, batch.Rows));
    }

    public void Finish()
    {
        mine.Counts.Merge(count.Take());
        mine.Scores = scores?.Sums ?? [];
        mine.Positives = scores?.Positives ?? [];
        mine.Calibration = calibration?.Take();
        lock (shared)
        {
            shared.State.Merge(mine);
        }
    }

    public void Dispose()
    {
        columns.Dispose();
        count.Dispose();
        after.Dispose();
        cluster?.Dispose();
        scores?.Dispose();
        calibration?.Dispose();
        Array.ForEach(pairs, p => p.Dispose());
    }

    /// <summary>BEFORE's segments, where they were not counted before, and the clusters beside them.</summary>
    private void Segment(Batch batch)
    {
        for (int s = 0; s < columns.Segments.Count && !shared.IsSettled; s++)
        {
            segments[s] = columns.Segments[s];
        }

        if (cluster is not null)
        {
            shared.Clusters!.Fill(batch.FirstRow, clusterCodes.AsSpan(0, batch.Rows));
            CodeNarrowing.Fill(cluster, clusterCodes.AsSpan(0, batch.Rows));
            segments[^1] = cluster;
        }
    }

    /// <summary>The same of rows whose labels were settled.</summary>
    private int Settled(Batch batch)
    {
        ReadOnlySpan<int> settled = shared.After.Labels(batch.FirstRow, batch.Rows), predictions = shared.After.Predictions(batch.FirstRow, batch.Rows);
        for (int i = 0; i < batch.Rows; i++)
        {
            (labels[i], afterCodes[i]) = (Math.Abs(settled[i]), predictions[i] == AfterRows.Unmatched ? Domain.Null : predictions[i] - 1);
        }

        return columns.Label.Limit;
    }

    /// <summary>Decides which rows count: the labels of the others become null. Gives what all labels are below.</summary>
    private int Settle(Batch batch)
    {
        ReadOnlySpan<int> predictions = shared.After.Predictions(batch.FirstRow, batch.Rows), afterLabels = shared.After.Labels(batch.FirstRow, batch.Rows);
        CodeColumn label = columns.Label, prediction = columns.Prediction;
        int limit = label.Limit;
        for (int i = 0; i < batch.Rows; i++)
        {
            labels[i] = Domain.Null;
            afterCodes[i] = Domain.Null;
            if (predictions[i] == AfterRows.Unmatched)
            {
                continue;
            }

            int truth = label[i], before = prediction[i], then = predictions[i] - 1;
            afterCodes[i] = then;
            if (truth == Domain.Null)
            {
                mine.NullLabel++;
            }
            else if (afterLabels[i] != Domain.Null && afterLabels[i] != truth)
            {
                mine.LabelDisagrees++;
                mine.FirstDisagreement = Math.Min(mine.FirstDisagreement, batch.FirstRow + i);
            }
            else if (before == Domain.Null || then == Domain.Null)
            {
                mine.NullPredBefore += before == Domain.Null ? 1 : 0;
                mine.NullPredAfter += then == Domain.Null ? 1 : 0;
            }
            else
            {
                labels[i] = truth;
            }
        }

        return limit;
    }

    /// <summary>What all threads share.</summary>
    private sealed record Shared(CompareSide Side, CompareSide Other, ScanPass Pass, AfterRows After, IReadOnlyList<PairDomain> Pairs, CompareClusters? Clusters, int[] Ranked, CountPlan Plan, Domain Bins)
    {
        public required PairState State { get; init; }

        /// <summary>Labels are settled, and all but the clusters is counted.</summary>
        public bool IsSettled { get; init; }
    }
}
