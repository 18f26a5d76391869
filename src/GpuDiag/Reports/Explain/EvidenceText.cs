using System.Globalization;
using System.Text.Json;
using GpuDiag.Analyses.Causes;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.Explain;

/// <summary>The figures that decide whether a row shows evidence of a cause, in words.</summary>
internal static class EvidenceText
{
    public static string Of(Cause cause, ScanView view)
    {
        RowResult row = view.Row;
        return cause switch
        {
            Cause.DuplicateConflict => row.DuplicateSet is long set ? $"in duplicate set {set}" : "no duplicates",
            Cause.LabelError => string.Join("; ", Labelling(row)),
            Cause.OutOfDistribution => row.OutlierPercentile is double far
                ? $"farther from its neighbours than {Percent(far)} of the rows; outlier score {Figure(row.OutlierScore)}"
                : "no neighbours",
            Cause.Rare => Support(view),
            Cause.DriftedSegment or Cause.WeakSegment => row.FailingSegments ?? "in no segment that surely fails",
            Cause.Ambiguous => Labels(view) ?? (row.Confidence is double c ? $"no labelled neighbours; confidence {Figure(c)}" : "neither neighbours nor confidence"),
            Cause.OverconfidentBoundary => Bin(view) ?? "no confidence",
            Cause.Pipeline => Faults(view),
            _ => row.Evidence is "" ? "nothing else speaks" : "another cause is shown",
        };
    }

    private static IEnumerable<string> Labelling(RowResult row)
    {
        if (row.LabelIssue is bool issue)
            yield return issue ? $"a label issue, like '{row.SuggestedLabel}'; label quality {Figure(row.LabelQuality)}" : $"no label issue; label quality {Figure(row.LabelQuality)}";
        yield return row.LabelAgreement is double own
            ? $"{Percent(own)} of its neighbours have its label, {Percent(row.PredAgreement)} its prediction"
            : "no labelled neighbours";
    }

    private static string Faults(ScanView view)
    {
        string[] failed = [.. view.Summary.GetProperty("pipeline").GetProperty("checks").EnumerateArray()
            .Where(c => c.GetProperty("status").GetString() == "failed").Select(c => c.GetProperty("code").GetString()!)];
        return failed.Length == 0 ? "all checks of the pipeline passed" : $"failed checks: {string.Join(", ", failed)}";
    }

    private static string Support(ScanView view)
    {
        JsonElement classes = default;
        bool learnt = view.Summary.GetProperty("causes") is { ValueKind: JsonValueKind.Object } causes && causes.TryGetProperty("learnt", out classes);
        string count = learnt ? "rows" : "support";
        classes = learnt ? classes : view.Summary.GetProperty("classes");
        long all = classes.EnumerateArray().Sum(c => c.GetProperty(count).GetInt64());
        long own = classes.EnumerateArray().Where(c => c.GetProperty("class").GetString() == view.Row.Label).Sum(c => c.GetProperty(count).GetInt64());
        string segments = view.Row.FailingSegments is string failing ? $"; in {failing}" : "";
        return $"'{view.Row.Label}' is the label of {Plain.Count(own)} of {Plain.Count(all)} rows{(learnt ? " that the model learnt from" : "")}{segments}";
    }

    /// <summary>"7 × one, 3 × nine"; null without labelled neighbours.</summary>
    private static string? Labels(ScanView view)
    {
        var labels = view.Neighbors.Where(n => n.Source == "data" && n.Label is not null).GroupBy(n => n.Label!).ToList();
        return labels.Count == 0 ? null
            : "neighbours: " + string.Join(", ", labels.OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} × {g.Key}"));
    }

    private static string? Bin(ScanView view)
    {
        if (view.Row.Confidence is not double confidence || view.Summary.GetProperty("calibration") is not { ValueKind: JsonValueKind.Object } calibration)
            return null;
        foreach (var bin in calibration.GetProperty("curve").EnumerateArray())
        {
            double low = bin.GetProperty("low").GetDouble(), high = bin.GetProperty("high").GetDouble();
            if (confidence <= high && (confidence > low || low == 0) && bin.GetProperty("rows").GetInt64() > 0)
            {
                return $"at confidences of {Figure(low)} to {Figure(high)} the model says {Number(bin, "confidence")} and {Number(bin, "accuracy")} come true ({Number(bin, "accuracy_low")} to {Number(bin, "accuracy_high")})";
            }
        }
        return null;
    }

    private static string Number(JsonElement bin, string name) => Figure(bin.GetProperty(name).GetDouble());

    private static string Figure(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "?";

    private static string Percent(double? share) => share is double s ? (100 * s).ToString("0", CultureInfo.InvariantCulture) + " %" : "?";
}
