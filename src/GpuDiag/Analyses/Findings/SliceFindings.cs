using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Findings;

/// <summary>Combinations of values on which the model surely does worse than elsewhere.</summary>
internal static class SliceFindings
{
    private const double SureQ = 0.05, LikelyP = 0.1, MediumLoss = 0.03, HighLoss = 0.1;
    private const int Most = 5;

    /// <summary>
    /// q at most 0.05, the whole error-rate interval above the rate elsewhere, and not what another finding says: a single
    /// value is left to segments and classes, and a combination must be likely (p at most 0.1) worse than the other rows of
    /// each of its values. Gain: the accuracy of all rows if the slice did as the rest does, with Newcombe's interval.
    /// </summary>
    public static IEnumerable<Finding> Underperforming(FindingInput input) => input.Result.Slices is { } search
        ? search.Slices.Where(s => IsSure(s) && !input.Result.Segments.Any(segment => IsSegment(s, segment))).Take(Most).Select(s => Describe(s, search, input))
        : [];

    /// <summary>The slice surely fails, and is more than a class: of a combination, likely more than each of its values.</summary>
    public static bool IsSure(SliceResult slice) => slice.QValue <= SureQ && slice.ErrorRate.Low > slice.ErrorRateElsewhere
        && (slice.Level == 1 ? !slice.Predicates[0].IsClass : slice.Predicates.All(p => WorseThan(slice, p)));

    /// <summary>The segment is of the same columns, crossed in any order, and of the same values.</summary>
    public static bool IsSegment(SliceResult slice, SegmentResult segment)
    {
        if (slice.Level == 1)
        {
            return segment.Column == slice.Predicates[0].Column && (segment.IsNull ? null : segment.Value) == slice.Predicates[0].Value;
        }

        SlicePredicate?[] parts = [.. segment.Column.Split('*').Select(name => slice.Predicates.FirstOrDefault(p => p.Column == name))];
        return parts.Length == slice.Level && !parts.Contains(null) && segment.Value == string.Join('*', parts.Select(p => p!.Value ?? "null"));
    }

    private static bool WorseThan(SliceResult slice, SlicePredicate value) => TwoProportion.PValueLower(
        slice.Rows - slice.Errors, slice.Rows, value.Rows - value.Errors - (slice.Rows - slice.Errors), value.Rows - slice.Rows) <= LikelyP;

    private static Finding Describe(SliceResult slice, SliceSearchResult search, FindingInput input)
    {
        double rate = slice.ErrorRate.Value!.Value, elsewhere = slice.ErrorRateElsewhere!.Value;
        Estimate accuracy = Intervals.Proportion(slice.Rows - slice.Errors, slice.Rows);
        long restRows = search.Rows - slice.Rows;
        Estimate rest = Intervals.Proportion(restRows - (search.Errors - slice.Errors), restRows);
        return new Finding(
            "slice.underperforms",
            Severity.Of(rate - elsewhere, MediumLoss, HighLoss),
            $"{slice.Text}: {Evidence.Percent(rate)} of {Evidence.Rows(slice.Rows)} wrong, elsewhere {Evidence.Percent(elsewhere)}",
            Evidence.Of(
                ("predicates", slice.Text),
                ("columns", string.Join('*', slice.Predicates.Select(p => p.Column))),
                ("values", string.Join('*', slice.Predicates.Select(p => p.Value ?? "null"))),
                ("errors", slice.Errors),
                ("error_rate", slice.ErrorRate.Value),
                ("error_rate_low", slice.ErrorRate.Low),
                ("error_rate_high", slice.ErrorRate.High),
                ("error_rate_elsewhere", slice.ErrorRateElsewhere),
                ("score", slice.Score),
                ("p_value", slice.PValue),
                ("q_value", slice.QValue)),
            slice.Rows,
            SegmentFindings.Gain(accuracy, rest, (double)slice.Rows / input.Matrix.Rows),
            $"Look at the {Evidence.Number(slice.Errors)} errors where {slice.Text}; then add labelled training rows like them{(slice.Level == 1 ? "" : ": the combination is worse than each of its values")}.");
    }
}
