using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Findings;

/// <summary>Rows that could not be used, or only in part.</summary>
internal static class DataFindings
{
    private const double MediumShare = 0.01, HighShare = 0.1;

    /// <summary>Any row left out of any metric. Rows: those of the commonest reason, at the least.</summary>
    public static IEnumerable<Finding> ExcludedRows(FindingInput input)
    {
        Exclusions e = input.Result.Excluded;
        Reason[] reasons =
        [
            new("null_label", "without a label", e.NullLabel),
            new("null_pred", "without a prediction", e.NullPred),
            new("nan_probs", "with a NaN probability", e.NanProbs),
            new("probs_out_of_range", "with a probability outside [0, 1]", e.ProbsOutOfRange),
            new("nan_confidence", "without a confidence", e.NanConfidence),
            new("confidence_out_of_range", "with a confidence outside [0, 1]", e.ConfidenceOutOfRange),
            new("unknown_label", "whose label has no probability column", e.UnknownLabel),
        ];
        Reason[] present = Array.FindAll(reasons, r => r.Count > 0);
        if (present.Length == 0)
        {
            yield break;
        }

        (string worst, string text, long count) = present.MaxBy(r => r.Count)!;
        long rows = Math.Max(input.Result.Rows - input.Matrix.Rows, count);
        yield return new Finding(
            "rows.excluded",
            Severity.Of((double)rows / input.Result.Rows, MediumShare, HighShare),
            present.Length == 1 ? $"{Evidence.Rows(count)} {text} left out" : $"{Evidence.Rows(rows)} or more left out, most of them {text}",
            Evidence.Of([.. present.Select(r => (r.Name, (object?)r.Count))]),
            rows,
            Estimate.Undefined,
            worst switch
            {
                "unknown_label" => "Give every class its probability column, or name the classes in the order of the probabilities with --classes.",
                "probs_out_of_range" or "confidence_out_of_range" => "Store probabilities, not logits or percentages: apply the softmax before writing them.",
                _ => "Find out where these values get lost on their way into the file; the figures here describe the other rows only.",
            });
    }

    private sealed record Reason(string Name, string Text, long Count);

    /// <summary>Classes of the data that no row of the training set has. Rows: those of these classes.</summary>
    public static IEnumerable<Finding> UntrainedClasses(FindingInput input)
    {
        if (input.Result.Train is not { MissingClasses: { Count: > 0 } missing })
        {
            yield break;
        }

        HashSet<string> names = [.. missing];
        long rows = input.Result.Classes.Where(c => names.Contains(c.Class)).Sum(c => c.Support);
        yield return new Finding(
            "train.missing_classes",
            Severity.Of((double)rows / input.Result.Rows, MediumShare, HighShare),
            missing.Count == 1 ? $"the training set has no row of class '{missing[0]}'" : $"the training set has no row of {Evidence.Number(missing.Count)} classes, '{missing[0]}' among them",
            Evidence.Of(("classes", string.Join(", ", missing.Take(20))), ("count", (long)missing.Count)),
            rows,
            Estimate.Undefined,
            "No model learns a class it was never shown: add training rows of it, or leave it out of the test; or check that both sets name classes alike.");
    }

    /// <summary>Any probability row whose sum is off by more than 1e-3; such rows are used as they are.</summary>
    public static IEnumerable<Finding> BadSums(FindingInput input)
    {
        if (input.Scores is not { BadSum: > 0 } scores)
        {
            yield break;
        }

        yield return new Finding(
            "probabilities.bad_sum",
            scores.BadSum >= MediumShare * input.Result.Rows ? Severity.High : Severity.Medium,
            $"{Evidence.Rows(scores.BadSum)} whose probabilities do not sum to 1",
            Evidence.Of(("rows", scores.BadSum), ("tolerance", 1e-3)),
            scores.BadSum,
            Estimate.Undefined,
            "Check that the column holds softmax outputs of all classes (not sigmoids, logits, or the top few only); log loss, Brier score and calibration mean little otherwise.");
    }
}
