using System.Globalization;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Findings;

/// <summary>Regions of the embedding in which the model surely does worse than elsewhere.</summary>
internal static class ClusterFindings
{
    private const double SureQ = 0.05, MediumLoss = 0.03, HighLoss = 0.1;

    /// <summary>
    /// Every cluster with q at most 0.05 whose whole error-rate interval lies above the rate elsewhere. Gain: the accuracy
    /// of all rows if the cluster did as the others do, from the interval of its error rate.
    /// </summary>
    public static IEnumerable<Finding> Underperforming(FindingInput input) =>
        (input.Result.Clusters ?? []).Where(c => c.QValue <= SureQ && c.ErrorRate.Low > c.ErrorRateElsewhere).Select(c => Describe(c, input.Matrix.Rows));

    private static Finding Describe(ClusterResult c, long rows)
    {
        double rate = c.ErrorRate.Value!.Value, elsewhere = c.ErrorRateElsewhere!.Value, share = (double)c.Rows / rows;
        string pair = c.Dominant is { } d ? $", mostly '{d.Label}' taken for '{d.Pred}' ({Evidence.Number(d.Count)} of {Evidence.Number(c.Errors)})" : "";
        string where = c.OverRepresented is [var v, ..] ? $"; {v.Column}={v.Value ?? "(none)"} is {v.Lift.ToString("0.0", CultureInfo.InvariantCulture)} times as common here" : "";
        return new Finding(
            "cluster.underperforms",
            Severity.Of(rate - elsewhere, MediumLoss, HighLoss),
            $"Cluster {c.Cluster}: {Evidence.Percent(rate)} of {Evidence.Rows(c.Rows)} wrong, elsewhere {Evidence.Percent(elsewhere)}{pair}{where}",
            Evidence.Of(
                ("cluster", (long)c.Cluster),
                ("errors", c.Errors),
                ("error_rate", c.ErrorRate.Value),
                ("error_rate_low", c.ErrorRate.Low),
                ("error_rate_high", c.ErrorRate.High),
                ("error_rate_elsewhere", c.ErrorRateElsewhere),
                ("label", c.Dominant?.Label),
                ("pred", c.Dominant?.Pred),
                ("medoid", c.Medoid),
                ("first_error", c.TypicalErrors is [var first, ..] ? first : null),
                ("p_value", c.PValue),
                ("q_value", c.QValue)),
            c.Rows,
            new Estimate(
                share * (rate - elsewhere), share * (c.ErrorRate.Low!.Value - elsewhere), share * (c.ErrorRate.High!.Value - elsewhere)),
            $"Look at rows {string.Join(", ", c.TypicalErrors)}, errors typical of the cluster, and row {c.Medoid} at its centre; then add labelled training rows like them.");
    }
}
