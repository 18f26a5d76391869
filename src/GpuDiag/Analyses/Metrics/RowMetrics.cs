using GpuDiag.Analyses.Reliability;
using GpuDiag.Analyses.Results;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Metrics;

/// <summary>Fills a <see cref="MetricSet"/> from the states of one set of rows.</summary>
internal static class RowMetrics
{
    /// <summary>By <see cref="ConfusionStatistic"/>.</summary>
    public static string[] StatisticNames { get; } =
    [
        "balanced_accuracy", "precision_macro", "recall_macro", "f1_macro", "precision_weighted", "f1_weighted", "cohen_kappa", "matthews_corrcoef",
    ];

    /// <summary>Metrics of the confusion matrix; without rows all stay undefined.</summary>
    /// <param name="positive">Position of the positive class; null unless binary.</param>
    /// <param name="bootstrap">Null for intervals by the delta method.</param>
    public static void AddConfusion(MetricSet metrics, ConfusionMatrix matrix, int? positive, ConfusionBootstrap? bootstrap)
    {
        if (matrix.Rows == 0)
        {
            return;
        }

        Estimate accuracy = Intervals.Proportion(matrix.Correct, matrix.Rows);
        metrics["accuracy"] = accuracy;
        metrics["recall_weighted"] = accuracy;
        Span<double> values = stackalloc double[ConfusionStatistics.Count];
        ConfusionStatistics.Compute(matrix.Hits, matrix.Support, matrix.Predicted, values);
        if (bootstrap is null)
        {
            Span<double> errors = stackalloc double[ConfusionStatistics.Count];
            ConfusionDelta.StandardErrors(matrix, values, errors);
            for (int g = 0; g < values.Length; g++)
            {
                (double least, double most) = ConfusionStatistics.Range((ConfusionStatistic)g);
                metrics[StatisticNames[g]] = Intervals.Normal(values[g], errors[g], least, most);
            }
        }
        else
        {
            (double Low, double High)[] intervals = bootstrap.Intervals(matrix);
            for (int g = 0; g < values.Length; g++)
            {
                metrics[StatisticNames[g]] = double.IsNaN(values[g]) || double.IsNaN(intervals[g].Low)
                    ? Intervals.Normal(values[g], double.NaN, 0, 0)
                    : new Estimate(values[g], intervals[g].Low, intervals[g].High);
            }
        }

        if (positive is int p)
        {
            (long hits, long support, long predicted) = matrix.Class(p);
            metrics["precision"] = Intervals.ProportionOrZero(hits, predicted);
            metrics["recall"] = Intervals.ProportionOrZero(hits, support);
            metrics["f1"] = Intervals.F1(hits, support, predicted);
            metrics["specificity"] = Intervals.ProportionOrZero(matrix.Correct - hits, matrix.Rows - support);
        }
    }

    /// <summary>Metrics of the probability rows.</summary>
    public static void AddScores(MetricSet metrics, MetricNames names, in ScoreCell cell)
    {
        metrics["log_loss"] = Intervals.Mean(cell.Loss, cell.LossSquares, ScoreCell.SquareScale, cell.Scored);
        metrics["brier"] = Intervals.Mean(cell.Brier, cell.BrierSquares, ScoreCell.SquareScale, cell.Scored);
        metrics[names.TopK] = Intervals.Proportion(cell.TopHits, cell.Scored);
    }

    public static void AddCalibration(MetricSet metrics, CalibrationError error)
    {
        metrics["ece"] = error.Ece;
        metrics["mce"] = error.Mce;
    }

    /// <summary>
    /// Ranking metrics: macro = plain mean over the classes that have both kinds of rows; bounds and standard errors are
    /// averaged too (the error of a mean is at most the mean of the errors, whatever their correlation).
    /// </summary>
    /// <param name="refined">Per column of the rank, sums of narrower bounds; null or missing where there are none.</param>
    /// <returns>Per class of the order.</returns>
    public static OneVsRest[] AddRanking(
        MetricSet metrics, RankState rank, int segment, ClassOrder classes, int? positive, IReadOnlyList<RankTally?> refined)
    {
        OneVsRest[] byClass = new OneVsRest[classes.Count];
        Array.Fill(byClass, OneVsRest.Undefined);
        int columns = rank.Plan.ClassCodes.Length;
        for (int c = 0; c < columns; c++)
        {
            int i = (segment * columns) + c, position = classes[rank.Plan.ClassCodes[c]];
            if (i < rank.Plan.Partitions.Length && rank.Plan.Partitions[i] is { } partition)
            {
                OneVsRest counted = OneVsRest.Of(rank.Negatives[i], rank.Positives[i], partition.Bits);
                byClass[position] = c < refined.Count && refined[c] is { } tally ? counted.Refined(tally) : counted;
            }
        }

        OneVsRest[] defined = [.. byClass.Where(c => c.RocAuc.Value is not null)];
        metrics["roc_auc_macro"] = Mean(defined, c => c.RocAuc, c => c.RocAucError);
        metrics["average_precision_macro"] = Mean(defined, c => c.AveragePrecision, c => c.AveragePrecisionError);
        if (positive is int p)
        {
            metrics["roc_auc"] = byClass[p].RocAuc;
            metrics["average_precision"] = byClass[p].AveragePrecision;
        }

        return byClass;
    }

    private static Estimate Mean(OneVsRest[] classes, Func<OneVsRest, Estimate> estimate, Func<OneVsRest, double> error)
    {
        double values = 0, errors = 0, bounds = 0;
        foreach (OneVsRest c in classes)
        {
            values += estimate(c).Value!.Value;
            bounds += estimate(c).Bound ?? 0;
            errors += error(c);
        }

        int n = classes.Length;
        return n == 0 ? Estimate.Undefined : OneVsRest.Interval(values / n, errors / n, bounds / n);
    }
}
