using System.Globalization;
using System.Text;
using GpuDiag.Analyses.Findings;

namespace GpuDiag.Reports.Monitoring;

/// <summary>
/// A run in Prometheus' text format 0.0.4, for the textfile collector of the node exporter. Every series has the label
/// <c>scan</c>, by which files of several jobs stand side by side. A run that failed leaves
/// <c>gpudiag_success 0</c> and no figures: a figure of yesterday is none of today.
/// </summary>
internal sealed class PrometheusText
{
    private readonly StringBuilder text = new();
    private readonly string scan;

    private PrometheusText(string scan) => this.scan = scan;

    /// <param name="name">The job, the same in every run of it.</param>
    public static void Write(Stream stream, WatchedRun run, string name)
    {
        var lines = new PrometheusText(name);
        lines.Add(run);
        stream.Write(Encoding.UTF8.GetBytes(lines.text.ToString()));
    }

    private void Add(WatchedRun run)
    {
        Head("gpudiag_build_info", "Version of gpudiag that ran; always 1");
        Line("gpudiag_build_info", 1, ("version", run.Version));
        Head("gpudiag_success", "1 where the run has a result, whatever its gates; 0 where it failed");
        Line("gpudiag_success", run.Outcome is null ? 0 : 1);
        Head("gpudiag_start_time_seconds", "Unix time at which the run began");
        Line("gpudiag_start_time_seconds", run.Started.ToUnixTimeMilliseconds() / 1000.0);
        Head("gpudiag_duration_seconds", "Wall-clock time of the run");
        Line("gpudiag_duration_seconds", run.Elapsed.TotalSeconds);
        if (run.Outcome is not { } outcome)
            return;
        var result = outcome.Result;
        Head("gpudiag_rows", "Rows scanned");
        Line("gpudiag_rows", result.Rows);
        Head("gpudiag_skipped_files", "Files left out because they could not be read");
        Line("gpudiag_skipped_files", outcome.Run.Skipped.Count);
        var metrics = result.Metrics.Where(m => m.Value.Value is not null).ToList();
        Metrics("gpudiag_metric", "A metric over all rows", metrics.Select(m => (m.Key, m.Value.Value)));
        Metrics("gpudiag_metric_low", "Lower end of the metric's 95 % interval", metrics.Select(m => (m.Key, m.Value.Low)));
        Metrics("gpudiag_metric_high", "Upper end of the metric's 95 % interval", metrics.Select(m => (m.Key, m.Value.High)));
        Head("gpudiag_findings", "Findings by severity");
        foreach (string severity in Severity.Order)
            Line("gpudiag_findings", result.Findings.Count(f => f.Severity == severity), ("severity", severity));
        if (result.LabelIssues is { } issues)
        {
            Head("gpudiag_label_issues", "Rows whose label is likely wrong");
            Line("gpudiag_label_issues", issues.Count);
        }
        if (result.Pipeline is { } pipeline)
        {
            Head("gpudiag_pipeline_checks_failed", "Checks of the pipeline that failed");
            Line("gpudiag_pipeline_checks_failed", pipeline.Failed.Count());
        }
        if (run.Verdicts.Count > 0)
        {
            Head("gpudiag_gate_passed", "1 where the gate holds, 0 where it does not");
            foreach (var verdict in run.Verdicts.DistinctBy(v => v.Gate.Text))
                Line("gpudiag_gate_passed", verdict.Passed ? 1 : 0, ("gate", verdict.Gate.Text));
        }
    }

    private void Metrics(string name, string help, IEnumerable<(string Metric, double? Value)> values)
    {
        Head(name, help);
        foreach (var (metric, value) in values)
        {
            if (value is double v && double.IsFinite(v))
                Line(name, v, ("metric", metric));
        }
    }

    private void Head(string name, string help) => text.Append($"# HELP {name} {help}\n# TYPE {name} gauge\n");

    private void Line(string name, double value, params (string Name, string Value)[] labels)
    {
        text.Append($"{name}{{scan=\"{Escaped(scan)}\"");
        foreach (var (label, content) in labels)
            text.Append($",{label}=\"{Escaped(content)}\"");
        text.Append("} ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escaped(string value)
        => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
