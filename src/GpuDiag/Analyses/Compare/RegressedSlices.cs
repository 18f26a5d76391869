using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Slices;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// Combinations of values on which AFTER breaks what BEFORE had right: the search for slices (docs/slices.md), with a broken row in
/// the place of an error.
/// </summary>
internal static class RegressedSlices
{
    /// <summary>Null where none are asked for.</summary>
    public static SliceStage? Search(CompareSide before, AfterRows after, PairState state, IReadOnlyList<PairDomain> pairs, ScanOptions options, int threads, StageClock clock, CancellationToken cancel) =>
        SliceStage.Run(before.Data, before.Fields, before.Rows, Flips(state, pairs, before), options with { Slices = options.Slices with { Objective = SliceObjective.Error } }, before.Reader, threads, clock, cancel, (first, count, rows, counted, broken) =>
        {
            ReadOnlySpan<int> labels = after.Labels(first, count), predictions = after.Predictions(first, count);
            for (int i = 0; i < labels.Length; i++)
            {
                int truth = Math.Abs(labels[i]);
                counted[i] = truth != Domain.Null;
                broken[i] = counted[i] && rows.Prediction[i] == truth && predictions[i] - 1 != truth;
            }
        });

    /// <summary>The slices with both kinds of flips, tested as pairs; conjunctions that were formed and are not among them are tests too.</summary>
    public static RegressedSlice[] Judge(SliceSearchResult search, FlipStates flips, double margin)
    {
        PairTable[] tables = [.. flips.Slices.Select(s => new PairTable(s[0], s[1], s[2], s[3]))];
        double[] p = [.. tables.Select(t => McNemar.PValue(t.OnlyBefore, t.OnlyAfter))];
        double[] q = BenjaminiHochberg.QValues(p, Math.Max(0, search.Candidates - p.Length));
        return [.. search.Slices.Select((slice, i) =>
        {
            Estimate delta = GroupFinish.Paired(tables[i]);
            return new RegressedSlice(slice, tables[i], delta, p[i], q[i], CompareVerdicts.Of(delta, margin, q[i]));
        })];
    }

    /// <summary>Counts as of one model whose errors are the broken rows.</summary>
    private static CountState Flips(PairState state, IReadOnlyList<PairDomain> pairs, CompareSide before)
    {
        CountState flips = new(new CountPlan(before.Rows.Columns.Classes, before.Rows.Columns.Segments, false));
        for (int s = 0; s <= before.Rows.Columns.Segments.Count; s++)
        {
            CountTable into = s == 0 ? flips.Overall : flips.Segments[s - 1];
            foreach (Cell cell in state.Counts.Segments[s].Cells.Where(c => c.Segment != Domain.Null))
            {
                (int label, int segment) = pairs[s][cell.Segment];
                into.Add(segment, label, cell.Label == label ? cell.Prediction : label, cell.Count);
            }
        }

        return flips;
    }
}
