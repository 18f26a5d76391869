using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>The change of log-loss and Brier score: the mean of the rows' changes, with the normal interval of their variance.</summary>
internal static class ScoreDelta
{
    public static IEnumerable<MetricDelta> Of(PairedScores scores) =>
        scores.Rows == 0 ? [] : [Of("log_loss", scores.Loss, scores.Rows), Of("brier", scores.Brier, scores.Rows)];

    private static MetricDelta Of(string name, PairedSum sum, long rows)
    {
        double before = sum.Before.ToDouble() / rows, after = sum.After.ToDouble() / rows, delta = after - before;
        double variance = rows < 2 ? double.NaN : Math.Max(0, (sum.DeltaSquares.ToDouble() / ScoreCell.SquareScale) - (rows * delta * delta)) / (rows - 1);
        return new MetricDelta(
            name,
            Intervals.Mean(sum.Before, sum.BeforeSquares, ScoreCell.SquareScale, rows),
            Intervals.Mean(sum.After, sum.AfterSquares, ScoreCell.SquareScale, rows),
            Intervals.Normal(delta, Math.Sqrt(variance / rows), double.NegativeInfinity, double.PositiveInfinity));
    }
}
