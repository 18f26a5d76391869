using GpuDiag.Analyses.Causes;
using GpuDiag.Analyses.Gallery;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>One thread of the pass that finds the cause of every error.</summary>
internal sealed class CausePass : IBatchWorker
{
    /// <summary>Values above which causes are not counted per value: the worst of so many segments have few errors each, and the counts take memory.</summary>
    private const int MostValues = 1000;

    /// <summary>Rows that a result lists of each cause.</summary>
    private const int Listed = 1000;

    private readonly RowColumns? columns;
    private readonly NotedErrors? noted;
    private readonly ScanStages? stages;
    private readonly CauseEvidence evidence;
    private readonly CauseNotes notes;
    private readonly Func<long, int> cluster;
    private readonly Slices.Slices? slices;
    private readonly CauseTally shared;
    private readonly CauseTally mine;
    private readonly ErrorTally? worst;
    private readonly ErrorTally? mineWorst;

    private CausePass(
        ScanPlan plan, ScanPass? pass, int capacity, NotedErrors? noted, CauseEvidence evidence, CauseNotes notes, Func<long, int> cluster, Slices.Slices? slices, CauseTally shared, ErrorTally? worst)
    {
        this.noted = noted;
        this.worst = worst;
        mineWorst = worst?.New();
        this.slices = slices;
        columns = noted is null ? new RowColumns(plan, pass!, capacity) : null;
        stages = noted is null ? null : pass?.Stages(capacity);
        this.evidence = evidence;
        this.notes = notes;
        this.cluster = cluster;
        this.shared = shared;
        mine = NewTally(plan);
    }

    /// <summary>Reads every row once; of errors that were noted, only what segments they are in.</summary>
    /// <param name="plan">The scan's.</param>
    /// <param name="pipeline">Reads.</param>
    /// <param name="rows">Of the data.</param>
    /// <param name="noted">All errors; null where they were not noted.</param>
    /// <param name="evidence">Says what a row shows.</param>
    /// <param name="notes">Takes the evidence of rows to show.</param>
    /// <param name="cluster">The cluster of a row; below 0 for none.</param>
    /// <param name="slices">Rows of the slices; null where none were searched.</param>
    /// <param name="worst">Takes the worst errors of each group; null where they are not asked for.</param>
    /// <param name="clock">Times the pass.</param>
    public static CauseTally Run(
        ScanPlan plan, Pipeline pipeline, long rows, NotedErrors? noted, CauseEvidence evidence, CauseNotes notes, Func<long, int> cluster, Slices.Slices? slices, ErrorTally? worst, StageClock clock)
    {
        CauseTally tally = NewTally(plan);
        if (noted is not null && plan.Columns.Segments.Count == 0)
        {
            clock.Time("causes", () =>
            {
                using CausePass all = new(plan, null, 0, noted, evidence, notes, cluster, slices, tally, worst);
                all.TakeNoted(0, rows);
                all.Finish();
                return tally;
            });
            return tally;
        }

        ScanPass pass = new(plan.Columns, noted is null ? Needs.Prediction | Needs.Confidence | Needs.Probabilities | Needs.Segments : Needs.Segments);
        int rowBytes = pass.RowBytes(plan.ClassCodes.Length);
        clock.Pass("causes", "finding causes", rows, done => pipeline.Run(
            pass.Requests, () => new CausePass(plan, pass, pipeline.BatchRows(rowBytes), noted, evidence, notes, cluster, slices, tally, worst), rowBytes, done));
        return tally;
    }

    /// <summary>
    /// From the counts alone: for rows that carry no evidence beyond their label, prediction and only segment value.
    /// </summary>
    public static CauseTally FromCounts(ScanPlan plan, CountState counts, CauseEvidence evidence)
    {
        CauseTally tally = NewTally(plan);
        bool segmented = plan.Columns.Segments is [{ Overflowed: false }];
        foreach (Cell cell in segmented ? counts.Segments[0].Cells : counts.Overall.Cells)
        {
            if (cell.Label != cell.Prediction && cell.Label != Domain.Null && cell.Prediction != Domain.Null)
            {
                Cause cause = evidence.OfCell(cell.Label, segmented ? 0 : -1, cell.Segment).Primary;
                tally.AddCell(cause, cell.Label, segmented ? 0 : -1, cell.Segment, cell.Count);
            }
        }

        return tally;
    }

    public void Accept(Batch batch)
    {
        if (columns is null)
        {
            CodeColumn[] segments = [.. stages!.Segments.Select(s => s.Take(batch))];
            TakeNoted(batch.FirstRow, batch.FirstRow + batch.Rows, segments);
            return;
        }

        columns.Take(batch);
        for (int i = 0; i < batch.Rows; i++)
        {
            int label = columns.Label[i], prediction = columns.Prediction[i];
            if (label == prediction || label == Domain.Null || prediction == Domain.Null)
            {
                continue;
            }

            long row = batch.FirstRow + i;
            double confidence = columns.Confidence is { } c ? c[i] : double.NaN, loss = columns.Scores is { } s ? s.Loss[i] : double.NaN;
            Take(new TopRow(row, columns.Scores is null ? confidence : loss, label, prediction, confidence, loss, columns.Quality.IsEmpty ? double.NaN : columns.Quality[i]), columns.Segments, i);
        }
    }

    public void Finish()
    {
        lock (shared)
        {
            shared.Merge(mine);
            worst?.Merge(mineWorst!);
        }
    }

    public void Dispose()
    {
        columns?.Dispose();
        stages?.Dispose();
    }

    /// <summary>Takes the noted errors among the rows [from, to), whose segments these are.</summary>
    private void TakeNoted(long from, long to, params CodeColumn[] segments)
    {
        IReadOnlyList<TopRow> errors = noted!.Rows;
        for (int i = noted.FirstFrom(from); i < errors.Count && errors[i].Row < to; i++)
        {
            Take(errors[i], segments, (int)(errors[i].Row - from));
        }
    }

    /// <param name="error">An error.</param>
    /// <param name="segments">The batch's value of each segmentation.</param>
    /// <param name="at">The row's place in the batch.</param>
    private void Take(in TopRow error, IReadOnlyList<CodeColumn> segments, int at)
    {
        EvidenceBits shown = evidence.Of(error.Row, error.Label, error.Prediction, error.Confidence, segments, at);
        mine.Add(shown.Primary, error, segments, at, cluster(error.Row), slices?.Of(error.Row) ?? []);
        mineWorst?.Add(new ChosenError(error, shown), segments, at, cluster(error.Row), slices?.Of(error.Row) ?? []);
        notes.Take(error.Row, shown, evidence.Regions(error.Row, segments, at));
    }

    private static CauseTally NewTally(ScanPlan plan) =>
        new([.. plan.Columns.Segments.Select(s => !s.Overflowed && s.Count <= MostValues)], Listed);
}
