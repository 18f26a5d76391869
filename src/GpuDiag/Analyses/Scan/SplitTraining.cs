using GpuDiag.Analyses.Causes;
using GpuDiag.Analyses.Fit;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>What the model learnt from, where that is a split of the data itself: classes by the counts, segments and slices by a pass of their own.</summary>
internal sealed class SplitTraining : IBatchWorker
{
    private readonly RowColumns columns;
    private readonly bool[] trains;
    private readonly int split;
    private readonly Slices.Slices? slices;
    private readonly Tally mine;
    private readonly Tally shared;

    private SplitTraining(RowColumns columns, bool[] trains, int split, Slices.Slices? slices, Tally shared)
    {
        this.columns = columns;
        this.trains = trains;
        this.split = split;
        this.slices = slices;
        this.shared = shared;
        mine = shared.New();
    }

    /// <summary>The training rows of a split column; null where no split is for training.</summary>
    /// <param name="plan">The scan's.</param>
    /// <param name="counts">Of the main pass.</param>
    /// <param name="split">Place of the split among the segmentations; null for none.</param>
    /// <param name="result">The scan's, finished but for causes.</param>
    /// <param name="slices">Rows of the slices; null where none were searched.</param>
    /// <param name="pipeline">Reads the data once more, where a segment or slice may fail.</param>
    /// <param name="rows">Of the data.</param>
    /// <param name="clock">Times the pass.</param>
    public static Training? Read(ScanPlan plan, CountState counts, int? split, ScanResult result, Slices.Slices? slices, Pipeline pipeline, long rows, StageClock clock)
    {
        if (split is not int place || plan.Columns.Segments[place] is not { Overflowed: false } domain)
        {
            return null;
        }

        bool[] trains = [.. Enumerable.Range(0, domain.Count).Select(c => c != Domain.Null && SplitKinds.Of(domain.Text(c)) == SplitKind.Train)];
        long[] classes = new long[plan.Columns.Classes.Count];
        long all = 0, judged = 0;
        foreach (Cell cell in counts.Segments[place].Cells.Where(c => trains[c.Segment]))
        {
            all += cell.Count;
            classes[cell.Label] += cell.Label == Domain.Null ? 0 : cell.Count;
            judged += cell.Label == Domain.Null || cell.Prediction == Domain.Null ? 0 : cell.Count;
        }

        if (all == 0)
        {
            return null;
        }

        // A split says nothing of itself: its training rows are all of one value.
        string name = plan.Columns.Roles.Split!.Name;
        bool[] told = [.. plan.Columns.Roles.Segments.Select((s, i) => !plan.Columns.Segments[i].Overflowed && s.Parts.All(p => p.Field.Name != name))];
        IReadOnlyList<SliceResult> found = result.Slices?.Slices ?? [];
        Tally tally = new([.. plan.Columns.Segments.Select((s, i) => told[i] ? s.Count : 0)], slices?.Count ?? 0);
        if (FailingRegions.AnyLikely(result.Segments, found))
        {
            ScanPass pass = new(plan.Columns, Needs.Prediction | Needs.Probabilities | Needs.Segments);
            int rowBytes = pass.RowBytes(plan.ClassCodes.Length);
            clock.Pass("training rows", "reading segments of training rows", rows, done => pipeline.Run(
                pass.Requests, () => new SplitTraining(new RowColumns(plan, pass, pipeline.BatchRows(rowBytes)), trains, place, slices, tally), rowBytes, done));
        }

        return Of(all, tally.All) with { Judged = Of(judged, tally.Judged) };

        Training Of(long own, Counts numbers) => new(
            own,
            classes,
            [.. numbers.Segments.Select((s, i) => told[i] ? s : null)],
            found.Select((s, i) => (s, i)).Where(s => s.s.Predicates.All(p => p.Column != name)).ToDictionary(s => s.s.Text, s => numbers.Slices[s.i]));
    }

    public void Accept(Batch batch)
    {
        columns.Take(batch);
        for (int i = 0; i < batch.Rows; i++)
        {
            if (trains[columns.Segments[split][i]])
            {
                bool judged = columns.Label[i] != Domain.Null && columns.Prediction[i] != Domain.Null;
                mine.Add(columns.Segments, i, batch.FirstRow + i, slices, judged);
            }
        }
    }

    public void Finish()
    {
        lock (shared)
        {
            shared.Merge(mine);
        }
    }

    public void Dispose() => columns.Dispose();

    /// <summary>Training rows by the codes of each segmentation that is told, and by slice.</summary>
    private sealed record Counts(long[][] Segments, long[] Slices);

    /// <summary>Counts of all training rows, and of those with a label and a prediction.</summary>
    private sealed class Tally(int[] sizes, int slices)
    {
        public Counts All { get; } = Empty(sizes, slices);

        public Counts Judged { get; } = Empty(sizes, slices);

        public Tally New() => new(sizes, slices);

        public void Add(IReadOnlyList<CodeColumn> segments, int at, long row, Slices.Slices? found, bool judged)
        {
            for (int s = 0; s < sizes.Length; s++)
            {
                if (sizes[s] > 0)
                {
                    All.Segments[s][segments[s][at]]++;
                    Judged.Segments[s][segments[s][at]] += judged ? 1 : 0;
                }
            }

            for (int s = 0; s < slices; s++)
            {
                int own = found!.Has(s, row) ? 1 : 0;
                All.Slices[s] += own;
                Judged.Slices[s] += judged ? own : 0;
            }
        }

        public void Merge(Tally other)
        {
            foreach ((Counts to, Counts from) in new[] { (All, other.All), (Judged, other.Judged) })
            {
                foreach ((long[] sums, long[] addends) in to.Segments.Append(to.Slices).Zip(from.Segments.Append(from.Slices)))
                {
                    for (int i = 0; i < sums.Length; i++)
                    {
                        sums[i] += addends[i];
                    }
                }
            }
        }

        private static Counts Empty(int[] sizes, int slices) => new([.. sizes.Select(s => new long[s])], new long[slices]);
    }
}
