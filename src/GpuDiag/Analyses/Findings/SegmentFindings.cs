using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Segments;

namespace GpuDiag.Analyses.Findings;

/// <summary>Segments that surely do worse than the rest of their column.</summary>
internal static class SegmentFindings
{
    private const double SureQ = 0.05, MediumLoss = 0.03, HighLoss = 0.1;
    private const int Most = 20;

    /// <summary>
    /// q at most 0.05 and the whole accuracy interval below the rest. Gain: the accuracy of all rows if the segment did
    /// as well as the rest, with Newcombe's interval of the difference (1998, method 10). The first twenty; the others
    /// are in the segments table.
    /// </summary>
    public static IEnumerable<Finding> Underperforming(FindingInput input) =>
        input.Segments.Where(Surely).Take(Most).Select(segment => Describe(segment, input));

    private static bool Surely(Segment segment) =>
        segment.Result.QValue <= SureQ && segment.Result.Metrics["accuracy"].High < segment.RestAccuracy;

    private static Finding Describe(Segment segment, FindingInput input)
    {
        SegmentResult result = segment.Result;
        Estimate accuracy = result.Metrics["accuracy"], rest = Intervals.Proportion(segment.RestCorrect, segment.RestRows);
        double loss = segment.RestAccuracy - segment.Accuracy;
        string name = $"{result.Column}={result.Value}";
        return new Finding(
            "segment.underperforms",
            Severity.Of(loss, MediumLoss, HighLoss),
            $"{name}: accuracy {Evidence.Percent(segment.Accuracy)}, elsewhere {Evidence.Percent(segment.RestAccuracy)}",
            Evidence.Of(
                ("column", result.Column),
                ("value", result.IsNull ? null : result.Value),
                ("accuracy", accuracy.Value),
                ("accuracy_low", accuracy.Low),
                ("accuracy_high", accuracy.High),
                ("accuracy_elsewhere", rest.Value),
                ("errors", result.Errors),
                ("p_value", result.PValue),
                ("q_value", result.QValue)),
            result.Rows,
            Gain(accuracy, rest, (double)result.Rows / input.Matrix.Rows),
            result.IsNull
                ? $"Find out why '{result.Column}' is missing in these {Evidence.Rows(result.Rows)}; fill it in or treat them as a group of their own."
                : $"Look at the {Evidence.Rows(result.Errors)} with an error where {name}; then add labelled training rows like them, or train on these with a higher weight.");
    }

    /// <summary>Accuracy of all rows that is won if these did as the rest, with Newcombe's interval of the difference.</summary>
    internal static Estimate Gain(Estimate segment, Estimate rest, double share)
    {
        double difference = rest.Value!.Value - segment.Value!.Value;
        double down = Hypotenuse(rest.Value.Value - rest.Low!.Value, segment.High!.Value - segment.Value.Value);
        double up = Hypotenuse(rest.High!.Value - rest.Value.Value, segment.Value.Value - segment.Low!.Value);
        return new Estimate(share * difference, share * (difference - down), share * (difference + up));
    }

    private static double Hypotenuse(double a, double b) => Math.Sqrt((a * a) + (b * b));
}
