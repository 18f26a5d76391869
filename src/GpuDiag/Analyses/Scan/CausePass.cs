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

    private readonly RowColumns columns;
    private readonly CauseEvidence evidence;
    private readonly CauseNotes notes;
    private readonly Func<long, int> cluster;
    private readonly Slices.Slices? slices;
    private readonly CauseTally shared;
    private readonly CauseTally mine;
    private readonly ErrorTally? worst;
    private readonly ErrorTally? mineWorst;

    private CausePass(
        ScanPlan plan, ScanPass pass, int capacity, CauseEvidence evidence, CauseNotes notes, Func<long, int> cluster, Slices.Slices? slices, CauseTally shared, ErrorTally? worst)
    {
        this.worst = worst;
        mineWorst = worst?.New();
        this.slices = slices;
        columns = new RowColumns(plan, pass, capacity);
        this.evidence = evidence;
        this.notes = notes;
        this.cluster = cluster;
        this.shared = shared;
        mine = NewTally(plan);
    }

    /// <summary>Reads every row once.</summary>
    /// <param name="plan">The scan's.</param>
    /// <param name="pipeline">Reads.</param>
    /// <param name="rows">Of the data.</param>
    /// <param name="evidence">Says what a row shows.</param>
    /// <param name="notes">Takes the evidence of rows to show.</param>
    /// <param name="cluster">The cluster of a row; below 0 for none.</param>
    /// <param name="slices">Rows of the slices; null where none were searched.</param>
    /// <param name="worst">Takes the worst errors of each group; null where they are not asked for.</param>
    /// <param name="clock">Times the pass.</param>
    public static CauseTally Run(
        ScanPlan plan, Pipeline pipeline, long rows, CauseEvidence evidence, CauseNotes notes, Func<long, int> cluster, Slices.Slices? slices, ErrorTally? worst, StageClock clock)
    {
        CauseTally tally = NewTally(plan);
        ScanPass pass = new(plan.Columns, Needs.Prediction | Needs.Confidence | Needs.Probabilities | Needs.Segments);
        int rowBytes = pass.RowBytes(plan.ClassCodes.Length);
        clock.Pass("causes", "finding causes", rows, done => pipeline.Run(
            pass.Requests, () => new CausePass(plan, pass, pipeline.BatchRows(rowBytes), evidence, notes, cluster, slices, tally, worst), rowBytes, done));
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
            EvidenceBits shown = evidence.Of(row, label, prediction, confidence, columns.Segments, i);
            TopRow error = new(row, columns.Scores is null ? confidence : loss, label, prediction, confidence, loss, columns.Quality.IsEmpty ? double.NaN : columns.Quality[i]);
            mine.Add(shown.Primary, error, columns.Segments, i, cluster(row), slices?.Of(row) ?? []);
            mineWorst?.Add(new ChosenError(error, shown), columns.Segments, i, cluster(row), slices?.Of(row) ?? []);
            notes.Take(row, shown, evidence.Regions(row, columns.Segments, i));
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

    public void Dispose() => columns.Dispose();

    private static CauseTally NewTally(ScanPlan plan) =>
        new([.. plan.Columns.Segments.Select(s => !s.Overflowed && s.Count <= MostValues)], Listed);
}
