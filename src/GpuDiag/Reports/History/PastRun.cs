using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.History;

/// <summary>One earlier scan, as its folder tells it.</summary>
/// <param name="Folder">As found.</param>
/// <param name="Started">By run.json; of a scan that did not note it, when summary.json was written.</param>
/// <param name="Metrics">By name, in the order of the file: the metrics over all rows, with their intervals.</param>
/// <param name="Findings">Number by severity.</param>
internal sealed record PastRun(
    string Folder, DateTimeOffset Started, string Version, long Rows, IReadOnlyList<KeyValuePair<string, Estimate>> Metrics, long? LabelIssues, int? FailedChecks,
    IReadOnlyDictionary<string, int> Findings, int Skipped)
{
    public Estimate Metric(string name) => Metrics.FirstOrDefault(m => m.Key == name).Value;
}
