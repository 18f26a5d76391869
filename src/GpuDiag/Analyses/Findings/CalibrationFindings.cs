using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Findings;

/// <summary>Confidences that promise more, or less, than is kept.</summary>
internal static class CalibrationFindings
{
    private const long LeastRows = 30;
    private const double LeastError = 0.03, LeastSureError = 0.02, MediumError = 0.08, HighError = 0.15;

    /// <summary>30 rows or more, ECE at least 0.03, and at least 0.02 at the low end of its interval. Accuracy does not change by it, so there is no gain.</summary>
    public static IEnumerable<Finding> Miscalibrated(FindingInput input)
    {
        if (input.Calibration.Rows < LeastRows || input.Calibration.Ece is not { Value: >= LeastError, Low: >= LeastSureError } ece)
        {
            yield break;
        }

        bool over = input.Calibration.Overconfidence > 0;
        double? temperature = input.Result.Calibration?.Temperature;
        yield return new Finding(
            over ? "calibration.overconfident" : "calibration.underconfident",
            Severity.Of(ece.Value.Value, MediumError, HighError),
            $"Confidence is on average {Evidence.Percent(Math.Abs(input.Calibration.Overconfidence))} {(over ? "above" : "below")} accuracy (ECE {Evidence.Percent(ece.Value.Value)})",
            Evidence.Of(
                ("ece", ece.Value),
                ("ece_low", ece.Low),
                ("ece_high", ece.High),
                ("mce", input.Calibration.Mce.Value),
                ("confidence_minus_accuracy", input.Calibration.Overconfidence),
                ("temperature", temperature)),
            input.Calibration.Rows,
            Estimate.Undefined,
            temperature is double t && t > 1 == over
                ? $"Divide the logits by T = {Evidence.Number(t)} before the softmax; fit T on held-out rows for production. Predictions stay the same."
                : "Recalibrate on held-out rows (isotonic or Platt scaling of the confidence); do not use these confidences as probabilities until then.");
    }
}
