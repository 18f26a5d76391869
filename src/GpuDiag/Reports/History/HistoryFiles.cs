using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Results;
using GpuDiag.Reports.Tables;

namespace GpuDiag.Reports.History;

/// <summary>Runs over time for machines: <c>history.json</c>, one object per run, and <c>history.parquet</c>, one line per run and metric.</summary>
internal static class HistoryFiles
{
    private static readonly Table<(PastRun Run, string Metric, Estimate Value)> Metrics = new Table<(PastRun Run, string Metric, Estimate Value)>()
        .Text("run", m => m.Run.Folder)
        .Text("started", m => RunJson.Text(m.Run.Started))
        .Text("version", m => m.Run.Version)
        .Value("rows", m => m.Run.Rows)
        .Text("metric", m => m.Metric)
        .Estimate("value", m => m.Value);

    public static void WriteTable(Stream stream, IReadOnlyList<PastRun> runs, CancellationToken cancellation)
        => Metrics.Write(stream, runs.SelectMany(r => r.Metrics.Select(m => (r, m.Key, m.Value))), cancellation);

    public static void WriteJson(Stream stream, IReadOnlyList<PastRun> runs)
    {
        using (var json = new Json(stream))
        {
            var w = json.Tall;
            w.WriteStartObject();
            w.WriteString("schema", "gpudiag/history/1");
            w.WriteString("version", ProgramVersion.Text);
            w.WriteStartArray("runs");
            for (int i = 0; i < runs.Count; i++)
                WriteRun(json, runs[i], i == 0 ? null : runs[i - 1]);
            w.WriteEndArray();
            w.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    private static void WriteRun(Json json, PastRun run, PastRun? before)
    {
        var w = json.Tall;
        w.WriteStartObject();
        w.WriteString("run", run.Folder);
        w.WriteString("started", RunJson.Text(run.Started));
        w.WriteString("version", run.Version);
        w.WriteNumber("rows", run.Rows);
        w.WriteNumber("skipped_files", run.Skipped);
        Json.Number(w, "label_issues", run.LabelIssues);
        Json.Number(w, "pipeline_checks_failed", run.FailedChecks);
        json.Line("findings", line =>
        {
            line.WriteStartObject();
            foreach (string severity in Severity.Order)
                line.WriteNumber(severity, run.Findings[severity]);
            line.WriteEndObject();
        });
        w.WriteStartObject("metrics");
        foreach (var (name, value) in run.Metrics)
            json.Estimate(name, value);
        w.WriteEndObject();
        json.Line("apart_from_before", line =>
        {
            line.WriteStartObject();
            foreach (var (name, value) in run.Metrics)
            {
                if (before is not null && HistoryText.Verdict(name, before.Metric(name), value) is string verdict)
                    line.WriteString(name, verdict);
            }
            line.WriteEndObject();
        });
        w.WriteEndObject();
    }
}
