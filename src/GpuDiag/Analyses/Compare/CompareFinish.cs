using System.Globalization;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Reliability;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Compare;

/// <summary>From the merged state of a comparison to its result. A pure function: the same state gives the same bytes everywhere.</summary>
internal sealed class CompareFinish(
    PairState state,
    IReadOnlyList<RankTable> ranks,
    IReadOnlyList<PairDomain> pairs,
    CompareClusters? clusters,
    ILookup<int, ClusterValue>? values,
    JoinResult join,
    IReadOnlyList<int> given,
    CompareOptions options,
    int threads)
{
    /// <exception cref="InputException">No row was compared, or the positive class is none of the classes.</exception>
    public CompareResult Finish()
    {
        CountState counts = state.Counts;
        ClassOrder classes = Classes(counts.Segments[0], pairs[0], counts.Plan.Classes);
        int? positive = ScanFinish.Positive(classes, options.Before.Positive);
        MetricNames names = new(positive is not null, false, null, false);
        GroupFinish finish = new(names, classes.Count, positive, options.Before.Seed);
        JointCells all = new(counts.Segments[0], pairs[0], classes);
        if (!all.Has(Domain.Null))
        {
            throw new InputException(
                $"no row is left to compare: of {join.Matched} matched rows {state.NullLabel} have no label, {state.LabelDisagrees} have labels that disagree, {state.NullPredBefore} have no prediction of BEFORE and {state.NullPredAfter} none of AFTER",
                remedy: "Check that the two tables are of the same rows and classes.");
        }

        JointTable table = all.Table(Domain.Null);
        RankDelta? ranked = ranks.Count == 0 ? null : RankDelta.Of(ranks[0].States(0), classes);
        ClassPair[] byClass = ByClass(table, classes, ranked);
        int segmentations = pairs.Count - 1 - (clusters is { Count: > 0 } ? 1 : 0);
        PairedGroup[] segments = Rank([.. Enumerable.Range(1, segmentations)
            .Where(i => !pairs[i].Segments.Overflowed)
            .SelectMany(i => Segments(i, classes, finish))]);
        ClusterPair[] byCluster = clusters is { Count: > 0 } ? Clusters(pairs.Count - 1, classes, finish) : [];
        return new CompareResult
        {
            Task = positive is null ? "multiclass" : "binary",
            Join = join,
            Excluded = new CompareExclusions(state.NullLabel, state.LabelDisagrees, state.NullPredBefore, state.NullPredAfter),
            ClassNames = classes.Names,
            PositiveClass = positive is int p ? classes.Names[p] : null,
            Margin = options.Margin,
            Overall = Group(table, "", "", false, all.Bootstraps, finish, tested: true, alone: true, [.. Further(0, 0, Joint(0)(0)), .. Ranked(ranked, positive)]),
            Classes = byClass,
            Segments = segments,
            Clusters = clusters is { Count: > 0 } ? byCluster : null,
            ClusterOrigin = clusters is null ? null : clusters.Origin with { Excluded = clusters.Count == 0 ? 0 : table.Rows - byCluster.Sum(c => c.Group.Table.Rows) },
            Regressions = [],
            DeLong = ranked is null ? [] : [.. ranked.Tests.OfType<DeLongResult>()],
            ScoredRows = state.Scores is [var scored, ..] ? scored[0].Rows : null,
            ConfidenceRows = state.Calibration is { } c ? CalibrationError.Of(c.Before.Overall, 0).Rows : null,
            IntervalMethod = all.Bootstraps ? "bootstrap" : "delta",
        };
    }

    /// <summary>Over all labels and predictions of rows that are compared.</summary>
    private ClassOrder Classes(CountTable table, PairDomain ofAll, Domain domain)
    {
        using CountTable both = new(null, domain);
        foreach (Cell cell in table.Cells.Where(c => c.Segment != Domain.Null))
        {
            int label = ofAll[cell.Segment].Class;
            both.Add(0, label, cell.Label, cell.Count);
            both.Add(0, label, cell.Prediction, cell.Count);
        }

        return new ClassOrder(both, given);
    }

    private PairedGroup Group(JointTable table, string column, string value, bool isNull, bool bootstrap, GroupFinish finish, bool tested, bool alone, IReadOnlyList<MetricDelta> further)
    {
        string stream = alone ? "" : $"{column}\0{(isNull ? "null" : "value")}\0{value}";
        (IReadOnlyList<MetricDelta> metrics, McNemarResult test) = finish.Figures(table, bootstrap, stream);
        PairTable rows = table.Table;
        return new PairedGroup
        {
            Column = column,
            Value = value,
            IsNull = isNull,
            Table = rows,
            NegativeFlipRate = Intervals.Proportion(rows.OnlyBefore, rows.Rows),
            PositiveFlipRate = Intervals.Proportion(rows.OnlyAfter, rows.Rows),
            BackwardTrust = Intervals.Proportion(rows.BothRight, rows.BothRight + rows.OnlyBefore),
            ErrorCompatibility = Intervals.Proportion(rows.BothWrong, rows.BothWrong + rows.OnlyBefore),
            McNemar = test,
            Metrics = [.. metrics, .. further],
            PValue = tested ? test.PValue : null,
            Verdict = alone ? CompareVerdicts.Of(metrics[0].Delta, options.Margin) : CompareVerdict.CannotTell,
        };
    }

    /// <summary>Log-loss, Brier score and calibration errors of a segment, as far as both models have what they need.</summary>
    private IEnumerable<MetricDelta> Further(int segmentation, int segment, IReadOnlyList<Cell> bins) =>
    [
        .. state.Scores.Length == 0 ? [] : ScoreDelta.Of(state.Scores[segmentation][segment]),
        .. state.Calibration is { } calibration ? CalibrationDelta.Of(calibration, segmentation - 1, segment, bins) : [],
    ];

    /// <summary>The joint calibration cells of a segmentation, by segment.</summary>
    private Func<int, IReadOnlyList<Cell>> Joint(int segmentation)
    {
        if (state.Calibration is not { } calibration)
        {
            return _ => [];
        }

        ILookup<int, Cell> cells = CalibrationDelta.Table(calibration.Joint, segmentation - 1).Cells.ToLookup(c => c.Segment);
        return segment => [.. cells[segment].OrderBy(c => c.Label).ThenBy(c => c.Prediction)];
    }

    private static IEnumerable<MetricDelta> Ranked(RankDelta? ranked, int? positive) =>
    [
        .. ranked?.Macro ?? [],
        .. positive is int p && ranked?.Auc[p] is { } auc ? [auc, ranked.Average[p]!.Value] : (MetricDelta[])[],
    ];

    private PairedGroup[] Segments(int index, ClassOrder classes, GroupFinish finish)
    {
        PairDomain of = pairs[index];
        JointCells cells = new(state.Counts.Segments[index], of, classes);
        Func<int, IReadOnlyList<Cell>> bins = Joint(index);
        RankTable? table = ranks.FirstOrDefault(t => t.Segmentation == index - 1);
        PairedGroup?[] groups = new PairedGroup?[cells.Count];
        Parallel.For(0, cells.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, code =>
        {
            if (cells.Has(code))
            {
                JointTable joint = cells.Table(code);
                groups[code] = Group(
                    joint, of.Segments.Name, of.Segments.Text(code), code == Domain.Null, cells.Bootstraps, finish, joint.Rows >= options.Before.MinSupport, alone: false, [.. Further(index, code, bins(code)), .. Ranked(table is null ? null : RankDelta.Of(table.States(code), classes), finish.Positive)]);
            }
        });
        return [.. groups.OfType<PairedGroup>()];
    }

    /// <summary>The clusters as a family of their own, with what each is of.</summary>
    private ClusterPair[] Clusters(int index, ClassOrder classes, GroupFinish finish)
    {
        JointCells cells = new(state.Counts.Segments[index], pairs[index], classes);
        return [.. Rank([.. Segments(index, classes, finish).Where(g => !g.IsNull)]).Select(group =>
        {
            int cluster = int.Parse(group.Value, CultureInfo.InvariantCulture);
            return new ClusterPair(cluster, group)
            {
                Broken = cells.Table(cluster + 1).Broken(classes),
                Medoid = clusters!.Medoids.Length > 0 ? clusters.Medoids[cluster] : null,
                OverRepresented = [.. values![cluster]],
            };
        })];
    }

    /// <summary>Adds q-values and verdicts; those that are most surely worse first, those that are most surely better last.</summary>
    private PairedGroup[] Rank(PairedGroup[] groups)
    {
        double[] q = BenjaminiHochberg.QValues([.. groups.Select(g => g.PValue ?? double.NaN)]);
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i].QValue = double.IsNaN(q[i]) ? null : q[i];
            groups[i].Verdict = CompareVerdicts.Of(groups[i].Accuracy.Delta, options.Margin, groups[i].QValue);
        }

        Array.Sort(groups, (a, b) =>
        {
            int order = Place(a).CompareTo(Place(b));
            order = order != 0 ? order : (b.Table.OnlyBefore - b.Table.OnlyAfter).CompareTo(a.Table.OnlyBefore - a.Table.OnlyAfter);
            order = order != 0 ? order : string.CompareOrdinal(a.Column, b.Column);
            order = order != 0 ? order : b.IsNull.CompareTo(a.IsNull);
            return order != 0 ? order : string.CompareOrdinal(a.Value, b.Value);
        });
        return groups;

        // From −1, surely worse, to 1, surely better; 0 for no difference or no test.
        static double Place(PairedGroup g) => g.PValue is double p ? (1 - p) * Math.Sign(g.Table.OnlyAfter - g.Table.OnlyBefore) : 0;
    }

    private ClassPair[] ByClass(JointTable table, ClassOrder classes, RankDelta? ranked)
    {
        (Estimate Precision, Estimate F1)[] deltas = JointDelta.Classes(table, classes.Count);
        PairTable[] tables = [.. Enumerable.Range(0, classes.Count).Select(table.OfClass)];
        double?[] p = [.. tables.Select(t => t.Rows > 0 && t.Rows >= options.Before.MinSupport ? McNemar.PValue(t.OnlyBefore, t.OnlyAfter) : (double?)null)];
        double[] q = BenjaminiHochberg.QValues([.. p.Select(v => v ?? double.NaN)]);
        return [.. tables.Select((t, k) =>
        {
            (long beforeHits, long beforeSupport, long beforePredicted) = table.Before.Class(k);
            (long afterHits, long afterSupport, long afterPredicted) = table.After.Class(k);
            double? sure = p[k] is null ? null : q[k];
            Estimate recall = GroupFinish.Paired(t);
            MetricDelta[] metrics =
            [
                new("precision", Intervals.ProportionOrZero(beforeHits, beforePredicted), Intervals.ProportionOrZero(afterHits, afterPredicted), deltas[k].Precision),
                new("recall", Intervals.ProportionOrZero(beforeHits, beforeSupport), Intervals.ProportionOrZero(afterHits, afterSupport), recall),
                new("f1", Intervals.F1(beforeHits, beforeSupport, beforePredicted), Intervals.F1(afterHits, afterSupport, afterPredicted), deltas[k].F1),
                .. ranked is null ? [] : (MetricDelta[])[ranked.Auc[k] ?? new MetricDelta("roc_auc", default, default, default), ranked.Average[k] ?? new MetricDelta("average_precision", default, default, default)],
            ];
            return new ClassPair(classes.Names[k], t, metrics, p[k], sure, CompareVerdicts.Of(recall, options.Margin, sure));
        })];
    }
}
