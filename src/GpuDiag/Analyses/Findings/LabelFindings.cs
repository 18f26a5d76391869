using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Findings;

/// <summary>Labels that are likely wrong.</summary>
internal static class LabelFindings
{
    private const double MediumShare = 0.001, HighShare = 0.01;

    /// <summary>Any label issue. Gain: the accuracy that relabelling as suggested wins.</summary>
    public static IEnumerable<Finding> Issues(FindingInput input)
    {
        if (input.Result.LabelIssues is not { Count: > 0 } issues)
        {
            yield break;
        }

        LabelPair most = issues.Pairs[0];
        yield return new Finding(
            "labels.issues",
            Severity.Of((double)issues.Count / issues.Judged, MediumShare, HighShare),
            $"{(issues.Count == 1 ? "1 label is" : $"{Evidence.Number(issues.Count)} labels are")} likely wrong, {Evidence.Number(issues.Errors)} of them among the {Evidence.Number(input.Matrix.Errors)} errors; most often '{most.Label}' that looks like '{most.Suggested}' ({Evidence.Number(most.Count)})",
            Evidence.Of(
                ("count", issues.Count),
                ("share", (double)issues.Count / issues.Judged),
                ("contradicted", issues.Contradicted),
                ("errors", issues.Errors),
                ("share_of_errors", issues.ShareOfErrors),
                ("noise_rate", issues.NoiseRate),
                ("label", most.Label),
                ("suggested", most.Suggested),
                ("pair_count", most.Count),
                ("worst_row", issues.Rows[0]),
                ("corrected_accuracy", issues.CorrectedAccuracy)),
            issues.Count,
            issues.Gain,
            (issues.Contradicted > 0 ? $"Have the {Evidence.Number(issues.Contradicted.Value)} that neighbours contradict too checked first, then the others" : "Have these labels checked")
                + ", lowest label_quality first (label_issue and suggested_label in rows.parquet; rows of label_issues in summary.json); correct those that are wrong, and scan again.");
    }
}
