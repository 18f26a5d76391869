using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>What the reading of single rows finds: the worst of each kind, and the tables of the slices.</summary>
/// <param name="Kinds">broken, fixed, still wrong: by <see cref="FlipKind"/>.</param>
/// <param name="Slices">Per slice.</param>
internal sealed record FlipStates(TopRows[] Kinds, long[][] Slices);

/// <summary>
/// One thread that reads BEFORE once more, beside what was noted of AFTER, for the rows that are shown: of each kind those of which AFTER
/// (of a fixed row: BEFORE) is surest, the first rows where there are no confidences.
/// </summary>
internal sealed class FlipPass : IBatchWorker
{
    private readonly RowColumns columns;
    private readonly AfterRows after;
    private readonly Slices.Slices? slices;
    private readonly FlipStates shared, mine;

    private FlipPass(CompareSide side, ScanPass pass, int capacity, AfterRows after, Slices.Slices? slices, FlipStates shared, int most)
    {
        columns = new RowColumns(side.Rows, pass, capacity);
        (this.after, this.slices, this.shared) = (after, slices, shared);
        mine = Empty(most, slices?.Count ?? 0);
    }

    /// <param name="most">Rows of each kind.</param>
    public static FlipStates Run(CompareSide side, AfterRows after, Slices.Slices? slices, int most, StageClock clock)
    {
        bool confidence = after.HasConfidence;
        Needs needs = Needs.Prediction | (confidence ? Needs.Confidence : 0) | (side.Roles.Pred is null || (confidence && side.Roles.Confidence is null) ? Needs.Probabilities : 0);
        ScanPass pass = new(side.Rows.Columns, needs);
        int rowBytes = pass.RowBytes(side.Rows.ClassCodes.Length);
        FlipStates states = Empty(most, slices?.Count ?? 0);
        clock.Pass("flips", "looking for flips", side.Data.Rows, done => side.Reader.Run(
            pass.Requests, () => new FlipPass(side, pass, side.Reader.BatchRows(rowBytes), after, slices, states, most), rowBytes, done));
        return states;
    }

    public void Accept(Batch batch)
    {
        columns.Take(batch);
        ReadOnlySpan<int> labels = after.Labels(batch.FirstRow, batch.Rows), predictions = after.Predictions(batch.FirstRow, batch.Rows);
        ReadOnlySpan<double> confidences = after.HasConfidence ? after.Confidences(batch.FirstRow, batch.Rows) : [];
        for (int i = 0; i < batch.Rows; i++)
        {
            int truth = Math.Abs(labels[i]);
            if (truth == Domain.Null)
            {
                continue;
            }

            long row = batch.FirstRow + i;
            bool before = columns.Prediction[i] == truth, then = predictions[i] - 1 == truth;
            for (int s = 0; s < mine.Slices.Length; s++)
            {
                if (slices!.Has(s, row))
                {
                    mine.Slices[s][(before ? 0 : 2) + (then ? 0 : 1)]++;
                }
            }

            if (before && then)
            {
                continue;
            }

            FlipKind kind = before ? FlipKind.Broken : then ? FlipKind.Fixed : FlipKind.StillWrong;
            double own = confidences.IsEmpty || columns.Confidence is null ? double.NaN : columns.Confidence[i], other = confidences.IsEmpty ? double.NaN : confidences[i];
            mine.Kinds[(int)kind].Add(new TopRow(row, kind == FlipKind.Fixed ? own : other, truth, columns.Prediction[i], own, other));
        }
    }

    public void Finish()
    {
        lock (shared)
        {
            for (int k = 0; k < mine.Kinds.Length; k++)
            {
                shared.Kinds[k].Merge(mine.Kinds[k]);
            }

            for (int s = 0; s < mine.Slices.Length; s++)
            {
                for (int c = 0; c < 4; c++)
                {
                    shared.Slices[s][c] += mine.Slices[s][c];
                }
            }
        }
    }

    public void Dispose() => columns.Dispose();

    private static FlipStates Empty(int most, int slices) =>
        new([new TopRows(most), new TopRows(most), new TopRows(most)], [.. Enumerable.Range(0, slices).Select(_ => new long[4])]);
}
