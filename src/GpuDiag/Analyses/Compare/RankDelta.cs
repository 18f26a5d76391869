using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// The change of ROC AUC by DeLong, DeLong and Clarke-Pearson (1988): Var(Δ) = S10/P + S01/N with S the variance of the change
/// of the components. Average precision's change has the interval of the sum of both standard errors, which holds whatever
/// their correlation.
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
        List<(double Before, double After, double BeforeError, double AfterError, double Error)> aucs = [], averages = [];
        for (int c = 0; c < states.Classes.Length; c++)
        {
            (int code, int before, int after) = states.Classes[c];
            PairedRanks positives = states.DeLong.Positives[c], negatives = states.DeLong.Negatives[c];
            if (positives.Rows == 0 || negatives.Rows == 0)
            {
                continue;
            }

            int position = classes[code];
            double pairs = 2.0 * positives.Rows * negatives.Rows, left = (double)positives.Before / pairs, right = (double)positives.After / pairs;
            (double pb, double pa, double pc) = positives.Covariances(2.0 * negatives.Rows);
            (double nb, double na, double nc) = negatives.Covariances(2.0 * positives.Rows);
            double leftError = Root((pb / positives.Rows) + (nb / negatives.Rows)), rightError = Root((pa / positives.Rows) + (na / negatives.Rows));
            double error = Root(((pb + pa - (2 * pc)) / positives.Rows) + ((nb + na - (2 * nc)) / negatives.Rows));
            bool exact = states.Before.Plan.Partitions[before]!.Bits == 64 && states.After.Plan.Partitions[after]!.Bits == 64;
            MetricDelta delta = Delta("roc_auc", left, right, leftError, rightError, error);
            double z = (right - left) / error;
            auc[position] = delta;
            tests[position] = new DeLongResult(classes.Names[position], delta.Before, delta.After, delta.Delta, Defined(error), Defined(z), Defined(2 * Normal.Sf(Math.Abs(z))), exact);
            aucs.Add((left, right, leftError, rightError, error));

            OneVsRest one = OneVsRest.Of(states.Before.Negatives[before], states.Before.Positives[before], states.Before.Plan.Partitions[before]!.Bits);
            OneVsRest other = OneVsRest.Of(states.After.Negatives[after], states.After.Positives[after], states.After.Plan.Partitions[after]!.Bits);
            double sum = one.AveragePrecisionError + other.AveragePrecisionError;
            averages.Add((one.AveragePrecision.Value!.Value, other.AveragePrecision.Value!.Value, one.AveragePrecisionError, other.AveragePrecisionError, sum));
            average[position] = Delta("average_precision", averages[^1].Before, averages[^1].After, one.AveragePrecisionError, other.AveragePrecisionError, sum);
        }

        return new RankDelta(auc, average, aucs.Count == 0 ? [] : [Mean("roc_auc_macro", aucs), Mean("average_precision_macro", averages)], tests);
    }

    /// <summary>The error of a mean is at most the mean of the errors, whatever their correlation.</summary>
    private static MetricDelta Mean(string name, List<(double Before, double After, double BeforeError, double AfterError, double Error)> classes) => Delta(
        name, classes.Average(c => c.Before), classes.Average(c => c.After), classes.Average(c => c.BeforeError), classes.Average(c => c.AfterError), classes.Average(c => c.Error));

    private static MetricDelta Delta(string name, double before, double after, double beforeError, double afterError, double error) => new(
        name, Intervals.Normal(before, beforeError, 0, 1), Intervals.Normal(after, afterError, 0, 1), Intervals.Normal(after - before, error, -1, 1));

    private static double Root(double variance) => variance > 0 ? Math.Sqrt(variance) : variance <= 0 ? 0 : double.NaN;

    private static double? Defined(double value) => double.IsFinite(value) ? value : null;
}
