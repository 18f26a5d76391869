using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Compare;

/// <summary>From the joint table of a set of rows to its figures.</summary>
/// <param name="names">Of the metrics.</param>
/// <param name="positive">Position of the positive class; null unless binary.</param>
/// <param name="seed">Of bootstraps.</param>
internal sealed class GroupFinish(MetricNames names, int classes, int? positive, ulong seed)
{
    /// <summary>Position of the positive class; null unless binary.</summary>
    public int? Positive => positive;

    /// <param name="table">The rows; at least one.</param>
    /// <param name="bootstrap">Else intervals by the delta method.</param>
    /// <param name="stream">Names the group among all; empty for all rows, whose figures are then those of a scan.</param>
    public (IReadOnlyList<MetricDelta> Metrics, McNemarResult Test) Figures(JointTable table, bool bootstrap, string stream)
    {
        MetricSet before = Side(table.Before, bootstrap, stream), after = Side(table.After, bootstrap, stream);
        Dictionary<string, Estimate> deltas = [];
        PairTable all = table.Table;
        deltas["accuracy"] = deltas["recall_weighted"] = Paired(all);
        Span<double> left = stackalloc double[ConfusionStatistics.Count], right = stackalloc double[ConfusionStatistics.Count];
        ConfusionStatistics.Compute(table.Before.Hits, table.Before.Support, table.Before.Predicted, left);
        ConfusionStatistics.Compute(table.After.Hits, table.After.Support, table.After.Predicted, right);
        Span<double> errors = stackalloc double[ConfusionStatistics.Count];
        (double Low, double High)[]? drawn = bootstrap ? new JointBootstrap(seed, ConfusionBootstrap.Stream(stream)).Intervals(table) : null;
        if (drawn is null)
        {
            JointDelta.StandardErrors(table, errors);
        }

        for (int g = 0; g < left.Length; g++)
        {
            double difference = right[g] - left[g];
            (double least, double most) = ConfusionStatistics.Range((ConfusionStatistic)g);
            deltas[RowMetrics.StatisticNames[g]] = double.IsNaN(difference) ? Estimate.Undefined
                : drawn is null ? Intervals.Normal(difference, errors[g], least - most, most - least)
                : new Estimate(difference, Finite(drawn[g].Low), Finite(drawn[g].High));
        }

        if (positive is int p)
        {
            (Estimate Precision, Estimate F1)[] ofClasses = JointDelta.Classes(table, classes);
            deltas["precision"] = ofClasses[p].Precision;
            deltas["recall"] = Paired(table.OfClass(p));
            deltas["f1"] = ofClasses[p].F1;
            deltas["specificity"] = Paired(table.OfClass(1 - p));
        }

        return ([.. names.Names.Select(name => new MetricDelta(name, before[name], after[name], deltas[name]))], Test(all));
    }

    /// <summary>(c − b)/n with the interval of a paired difference; undefined without rows.</summary>
    public static Estimate Paired(PairTable table)
    {
        if (table.Rows == 0)
        {
            return Estimate.Undefined;
        }

        (double low, double high) = PairedDifference.Interval(table.OnlyBefore, table.OnlyAfter, table.Rows);
        return new Estimate((double)(table.OnlyAfter - table.OnlyBefore) / table.Rows, low, high);
    }

    public static McNemarResult Test(PairTable table)
    {
        double exact = McNemar.Exact(table.OnlyBefore, table.OnlyAfter);
        (double statistic, double corrected) = McNemar.Corrected(table.OnlyBefore, table.OnlyAfter);
        return table.Discordant < McNemar.ExactBelow
            ? new McNemarResult(Math.Min(table.OnlyBefore, table.OnlyAfter), exact, true, exact, statistic, corrected)
            : new McNemarResult(statistic, corrected, false, exact, statistic, corrected);
    }

    private static double? Finite(double value) => double.IsNaN(value) ? null : value;

    private MetricSet Side(ConfusionMatrix matrix, bool bootstrap, string stream)
    {
        MetricSet metrics = new(names);
        RowMetrics.AddConfusion(metrics, matrix, positive, bootstrap ? new ConfusionBootstrap(seed, ConfusionBootstrap.Stream(stream), 1) : null);
        return metrics;
    }
}
