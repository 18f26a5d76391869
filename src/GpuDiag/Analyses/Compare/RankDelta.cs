using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// The change of ROC AUC by DeLong, DeLong and Clarke-Pearson (1988): Var(Δ) = S10/P + S01/N with S the variance of the change
/// of the components. Average precision's change has the variance of the change of the rows' influences, and so have the means over the
/// classes of both: what the two models share cancels, row by row.
/// </summary>
internal sealed class RankDelta
{
    private RankDelta(MetricDelta?[] auc, MetricDelta?[] average, IReadOnlyList<MetricDelta> macro, DeLongResult?[] tests) =>
        (Auc, Average, Macro, Tests) = (auc, average, macro, tests);

    /// <summary>Per class of the order; null where the two are not both defined.</summary>
    public MetricDelta?[] Auc { get; }

    public MetricDelta?[] Average { get; }

    /// <summary>roc_auc_macro and average_precision_macro: means over the classes.</summary>
    public IReadOnlyList<MetricDelta> Macro { get; }

    /// <summary>Per class of the order.</summary>
    public DeLongResult?[] Tests { get; }

    public static RankDelta Of(RankPairStates states, ClassOrder classes)
    {
        MetricDelta?[] auc = new MetricDelta?[classes.Count], average = new MetricDelta?[classes.Count];
        DeLongResult?[] tests = new DeLongResult?[classes.Count];
        List<RankPair> defined = [];
        for (int c = 0; c < states.Classes.Length; c++)
        {
            PairedRanks positives = states.DeLong.Positives[c], negatives = states.DeLong.Negatives[c];
            if (states.Classes[c] is not { } pair || positives.Rows == 0 || negatives.Rows == 0)
            {
                continue;
            }

            defined.Add(pair);
            int position = classes[pair.Code];
            double pairs = 2.0 * positives.Rows * negatives.Rows, left = (double)positives.Before / pairs, right = (double)positives.After / pairs;
            (double pb, double pa, double pc) = positives.Covariances(2.0 * negatives.Rows);
            (double nb, double na, double nc) = negatives.Covariances(2.0 * positives.Rows);
            double leftError = Root((pb / positives.Rows) + (nb / negatives.Rows)), rightError = Root((pa / positives.Rows) + (na / negatives.Rows));
            double error = Root(((pb + pa - (2 * pc)) / positives.Rows) + ((nb + na - (2 * nc)) / negatives.Rows));
            MetricDelta delta = Delta("roc_auc", left, right, leftError, rightError, error);
            double z = (right - left) / error;
            auc[position] = delta;
            tests[position] = new DeLongResult(
                classes.Names[position], delta.Before, delta.After, delta.Delta, Defined(error), Defined(z), Defined(2 * Normal.Sf(Math.Abs(z))), pair.IsExact);
            double averageError = positives.Rows < 2 ? double.NaN
                : (positives.Average + negatives.Average).Root(positives.Rows + negatives.Rows) / RankScale.Steps / positives.Rows;
            average[position] = Bounded(
                "average_precision", pair.Before.AveragePrecision, pair.Before.AveragePrecisionError, pair.After.AveragePrecision, pair.After.AveragePrecisionError, averageError);
        }

        return new RankDelta(auc, average, defined.Count == 0 ? [] : Macro(defined, states), tests);

        MetricDelta[] Macro(List<RankPair> pairs, RankPairStates states) =>
        [
            Delta(
                "roc_auc_macro",
                pairs.Average(p => p.Before.RocAuc.Value!.Value),
                pairs.Average(p => p.After.RocAuc.Value!.Value),
                pairs.Average(p => p.Before.RocAucError),
                pairs.Average(p => p.After.RocAucError),
                pairs.Any(p => double.IsNaN(p.Before.RocAucError)) ? double.NaN : states.Macro.Error(states.DeLong.MacroAuc, states.DeLong.Rows)),
            Bounded(
                "average_precision_macro",
                Mean(pairs.Select(p => p.Before.AveragePrecision)),
                pairs.Average(p => p.Before.AveragePrecisionError),
                Mean(pairs.Select(p => p.After.AveragePrecision)),
                pairs.Average(p => p.After.AveragePrecisionError),
                pairs.Any(p => double.IsNaN(p.Before.AveragePrecisionError)) ? double.NaN : states.Macro.Error(states.DeLong.MacroAverage, states.DeLong.Rows)),
        ];
    }

    /// <summary>Of each side the error of a mean is at most the mean of the errors, whatever their correlation.</summary>
    private static Estimate Mean(IEnumerable<Estimate> classes) => new(classes.Average(c => c.Value), Bound: classes.Average(c => c.Bound));

    /// <summary>With the bounds on both values, where scores were thinned.</summary>
    private static MetricDelta Bounded(string name, Estimate before, double beforeError, Estimate after, double afterError, double error)
    {
        MetricDelta delta = Delta(name, before.Value!.Value, after.Value!.Value, beforeError, afterError, error);
        double bound = (before.Bound + after.Bound) ?? 0;
        if (bound == 0 || delta.Delta is not { Low: double low, High: double high })
        {
            return delta;
        }

        return delta with { Delta = delta.Delta with { Low = Math.Max(-1, low - bound), High = Math.Min(1, high + bound), Bound = bound } };
    }

    private static MetricDelta Delta(string name, double before, double after, double beforeError, double afterError, double error) => new(
        name, Intervals.Normal(before, beforeError, 0, 1), Intervals.Normal(after, afterError, 0, 1), Intervals.Normal(after - before, error, -1, 1));

    private static double Root(double variance) => variance > 0 ? Math.Sqrt(variance) : variance <= 0 ? 0 : double.NaN;

    private static double? Defined(double value) => double.IsFinite(value) ? value : null;
}
