using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.History;

/// <summary>Runs over time for people: one line per run, then one per metric.</summary>
internal sealed class HistoryText(TextWriter output, Palette palette)
{
    private const int Curve = 24;

    /// <summary>Metrics of which less is better.</summary>
    private static readonly HashSet<string> Losses = ["log_loss", "brier", "ece", "mce"];

    /// <param name="last">Runs that get a line of their own at most: the latest.</param>
    public void Write(IReadOnlyList<PastRun> runs, int last)
    {
        Line(palette.Bold($"{Plain.Count(runs.Count)} {(runs.Count == 1 ? "run" : "runs")}, {When(runs[0])} to {When(runs[^1])} UTC"));
        output.Write('\n');
        Line(palette.Bold($"{"Run",-30}{"UTC",-18}{"rows",15}{"accuracy",10}   {"95 % interval",-17}{"high",5}"));
        if (runs.Count > last)
            Line(palette.Dim($"  … {Plain.Count(runs.Count - last)} before"));
        foreach (var run in runs.TakeLast(last))
        {
            var accuracy = run.Metric("accuracy");
            Line($"  {Tail(run.Folder, 28),-28}{When(run),-18}{Plain.Count(run.Rows),15}{Plain.Figure(accuracy.Value),10}   {Plain.Interval(accuracy),-17}{run.Findings[Severity.High],5}"
                + (run.Skipped > 0 ? palette.Yellow($"  {Plain.Count(run.Skipped)} files skipped") : ""));
        }
        output.Write('\n');
        Line(palette.Bold($"{"Metric",-28}{"first",10}{"before",10}{"last",10}{"change",10}   over time"));
        foreach (string name in runs.SelectMany(r => r.Metrics).Where(m => m.Value.Value is not null).Select(m => m.Key).Distinct())
            WriteMetric(name, runs);
        if (runs.Count > 1)
            Line(palette.Dim("  change: of the last run against the one before; worse, better: their 95 % intervals are apart"));
    }

    /// <summary>What the last run's metric is to the one before, where their intervals are apart; else null.</summary>
    internal static string? Verdict(string metric, Estimate before, Estimate last)
    {
        bool fell = last.High < before.Low, rose = last.Low > before.High;
        return !fell && !rose ? null : rose == Losses.Contains(metric) ? "worse" : "better";
    }

    private void WriteMetric(string name, IReadOnlyList<PastRun> runs)
    {
        var last = runs[^1].Metric(name);
        var before = runs.Count > 1 ? runs[^2].Metric(name) : default;
        string change = last.Value - before.Value is double d ? $"{(d >= 0.00005 ? "+" : "")}{Plain.Figure(d)}" : "–";
        string? verdict = Verdict(name, before, last);
        string mark = verdict switch { null => "", "worse" => palette.Red("  " + verdict), _ => palette.Green("  " + verdict) };
        Line($"  {name,-26}{Plain.Figure(runs.Select(r => r.Metric(name).Value).FirstOrDefault(v => v is not null)),10}{Plain.Figure(before.Value),10}{Plain.Figure(last.Value),10}{change,10}   "
            + $"{Spark([.. runs.TakeLast(Curve).Select(r => r.Metric(name).Value)])}{mark}".TrimEnd());
    }

    /// <summary>From the least to the greatest value; a value that stays gets a line in the middle, a missing one a gap.</summary>
    private static string Spark(double?[] values)
    {
        double low = values.Min() ?? 0, span = (values.Max() ?? 0) - low;
        return string.Concat(values.Select(v => v is not double x ? ' ' : span <= 0 ? '▄' : "▁▂▃▄▅▆▇█"[(int)Math.Clamp((x - low) / span * 8, 0, 7)]));
    }

    private static string When(PastRun run) => RunJson.Text(run.Started)[..16].Replace('T', ' ');

    /// <summary>The end of a path says which run it is.</summary>
    private static string Tail(string path, int width)
    {
        string name = Plain.Name(path);
        return name.Length <= width ? name : "…" + name[^(width - 1)..];
    }

    private void Line(string text) => output.Write(text.TrimEnd() + "\n");
}
