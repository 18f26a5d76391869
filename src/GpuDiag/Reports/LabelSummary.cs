using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>The lines of the console summary on label issues: a name, a figure, what it means.</summary>
internal static class LabelSummary
{
    private const int Pairs = 3;

    public static string Title(LabelIssueResult issues) => $"Label issues: {Plain.Count(issues.Count)} of {Plain.Count(issues.Judged)} labels are likely wrong ({issues.Filter})";

    public static IEnumerable<(string Name, string Figure, string Meaning)> Lines(LabelIssueResult issues)
    {
        if (issues.NoiseRate.Value is not null)
            yield return ("estimated label noise", Plain.Figure(issues.NoiseRate.Value), $"{Plain.Interval(issues.NoiseRate),-18} of labels are wrong");
        if (issues.Count == 0)
            yield break;
        if (issues.ShareOfErrors.Value is not null)
            yield return ("share of errors", Plain.Figure(issues.ShareOfErrors.Value), $"{Plain.Interval(issues.ShareOfErrors),-18} of errors are label issues");
        if (issues.Contradicted is long contradicted)
            yield return ("contradicted", Plain.Count(contradicted), "of these, whose neighbours contradict the label too");
        if (issues.CorrectedAccuracy.Value is not null)
            yield return ("corrected accuracy", Plain.Figure(issues.CorrectedAccuracy.Value), $"{Plain.Interval(issues.CorrectedAccuracy),-18} with labels as suggested");
        foreach (var pair in issues.Pairs.Take(Pairs))
            yield return ($"{Plain.Name(pair.Label, 11)} → {Plain.Name(pair.Suggested, 10)}", Plain.Count(pair.Count), "labels, and what is suggested");
    }
}
