using GpuDiag.Analyses.Mining;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports.Html;

namespace GpuDiag.Reports.Mining;

/// <summary>What was mined in short: for people within 100 columns, and as summary.json (schema <c>gpudiag/mine/1</c>).</summary>
internal static class MineSummary
{
    private const int Width = 100, Shown = 5;

    /// <summary>The strategies as <c>--strategy</c> names them, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> Strategies { get; } = ["failures", "random", "least-confidence", "margin", "entropy", "k-center"];

    public static void WriteJson(Stream stream, MineResult result, RunInfo run)
    {
        using (var json = new Json(stream))
        {
            var w = json.Tall;
            w.WriteStartObject();
            w.WriteString("schema", "gpudiag/mine/1");
            w.WriteString("strategy", Strategies[(int)result.Strategy]);
            w.WriteNumber("budget", result.Budget);
            w.WriteNumber("mined", result.Rows.Count);
            w.WriteNumber("pool", result.Pool.Rows);
            json.Line("excluded", line =>
            {
                line.WriteStartObject();
                line.WriteNumber("null_vector", result.Pool.Null);
                line.WriteNumber("unusable_vector", result.Pool.Unusable);
                line.WriteNumber("in_train", result.InTrain);
                line.WriteNumber("repeated", result.Repeated);
                line.WriteEndObject();
            });
            Json.Number(w, "without_probabilities", result.WithoutProbabilities);
            Json.Number(w, "train", result.TrainRows);
            w.WriteNumber("dimensions", result.Width);
            w.WriteString("metric", KnnSummary.Name(result.Metric));
            Json.Number(w, "scale", result.Scale);
            WriteCases(json, result.Cases);
            w.WriteStartArray("clusters");
            foreach (var group in result.Groups)
            {
                json.Line(line =>
                {
                    line.WriteStartObject();
                    line.WriteNumber("cluster", group.Cluster);
                    line.WriteNumber("rows", group.Rows);
                    line.WriteNumber("failures", group.Failures);
                    Json.Number(line, "severity", group.Severity);
                    line.WriteNumber("quota", group.Quota);
                    line.WriteNumber("mined", group.Mined);
                    line.WriteString("label", group.Label);
                    line.WriteString("pred", group.Pred);
                    line.WriteEndObject();
                });
            }
            w.WriteEndArray();
            ProvenanceJson.Write(json, "mine", run);
            w.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    public static void WriteText(TextWriter output, Palette palette, MineResult result, RunInfo run, IReadOnlyList<string> files, string folder, TimeSpan elapsed)
    {
        string ranked = result.Strategy == MineStrategy.Failures ? "by likeness to failures" : $"by {Strategies[(int)result.Strategy]}";
        Line(palette.Bold($"{Plain.Count(result.Rows.Count)} of {Plain.Count(result.Pool.Rows)} rows to label next") + $", {ranked}, {result.Width} dimensions, {KnnSummary.Name(result.Metric)}");
        Lines(palette.Dim, "Columns: " + string.Join("; ", run.Roles.Select(r => $"{r.Role} = {Plain.Name(r.Column, 40)} ({r.How})")));
        Lines(palette.Dim, $"Device: {run.Device.Backend}, {run.Device.Name} ({run.Device.Reason}); {Plain.Seconds(elapsed)}");
        foreach (var skipped in run.Skipped)
            Line(palette.Yellow($"Skipped: {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}"));
        if (result.Cases is { } cases)
        {
            string left = string.Join(", ", cases.LeftOut.Select(c => $"{Plain.Count(c.Value)} {c.Key}"));
            Lines(s => s, $"Failures: {Plain.Count(cases.Anchors)} of {Plain.Name(cases.Name)}" + (left.Length > 0 ? $"; left out, since labels of like rows do not mend them: {left}" : ""));
            long listed = cases.Anchors + cases.Unusable + cases.LeftOut.Values.Sum();
            if (cases.Errors > listed)
                Lines(palette.Yellow, $"The scan counted {Plain.Count(cases.Errors.Value)} errors and lists {Plain.Count(listed)} of them: scan with a greater --max-rows for all");
        }
        string[] excluded = [.. Excluded(result)];
        if (excluded.Length > 0)
            Lines(palette.Yellow, "Left out: " + string.Join(", ", excluded));
        if (result.Rows.Count < result.Budget)
            Lines(palette.Yellow, $"The budget of {Plain.Count(result.Budget)} is not spent: no other row of the pool is usable and new");

        if (result.Groups.Count > 0)
        {
            output.Write('\n');
            var groups = result.Groups.Where(g => g.Mined > 0 || g.Quota > 0).ToList();
            Line(palette.Bold($"{$"Clusters of failures ({result.Groups.Count})",-44}{"rows",10}{"failures",10}{"severity",10}{"quota",8}{"mined",8}"));
            foreach (var group in groups.Take(2 * Shown))
            {
                string kind = group is { Label: { } label, Pred: { } pred } ? $": {label} taken for {pred}" : "";
                Line($"  {Plain.Name($"{group.Cluster}{kind}", 41),-42}{Plain.Count(group.Rows),10}{Plain.Count(group.Failures),10}{Plain.Magnitude(Math.Round(group.Severity, 2)),10}{(result.Strategy == MineStrategy.Failures ? Plain.Count(group.Quota) : "–"),8}{Plain.Count(group.Mined),8}");
            }
            if (groups.Count > 2 * Shown)
                Line(palette.Dim($"  and {groups.Count - (2 * Shown)} more in summary.json"));
        }

        if (result.Rows.Count > 0)
        {
            output.Write('\n');
            Line(palette.Bold("The first to label"));
            foreach (var row in result.Rows.Take(Shown))
            {
                string reason = MineTables.Reason(row);
                string[] lines = [.. Plain.Wrap(Plain.Name(reason.Length > 0 ? reason : $"score {Plain.Magnitude(row.Score)}"), Width - 26)];
                Line($"  {Plain.Name(row.Id, 22),-23} {lines[0]}");
                foreach (string line in lines[1..])
                    Line(new string(' ', 26) + line);
            }
        }

        output.Write('\n');
        Line(palette.Bold($"Written to {Plain.Name(folder)}"));
        Line($"  {HtmlReport.FileName,-22}{palette.Dim(HtmlReport.Holds)}");
        foreach (string file in files)
            Line($"  {file,-22}{palette.Dim(file == "mined.parquet" ? $"{Plain.Count(result.Rows.Count)} rows, the most valuable first, with reasons" : file == "mined.csv" ? "the same for people, with a column to write labels into" : "the same for import")}");
        Line($"  {"run.json",-22}{palette.Dim("version, command, columns taken, device, timings")}");
        Line($"  {"summary.json",-22}{palette.Dim("counts and clusters, for machines")}");

        void Lines(Func<string, string> colour, string text)
        {
            foreach (string line in Plain.Wrap(text, Width))
                Line(colour(line));
        }

        void Line(string text) => output.Write(text.TrimEnd() + "\n");
    }

    private static IEnumerable<string> Excluded(MineResult result)
    {
        if (result.Pool.Null > 0)
            yield return $"{Plain.Count(result.Pool.Null)} rows without a vector";
        if (result.Pool.Unusable > 0)
            yield return $"{Plain.Count(result.Pool.Unusable)} with NaN, infinite or, under cosine, zero vectors";
        if (result.InTrain > 0)
            yield return $"{Plain.Count(result.InTrain)} that train has already";
        if (result.Repeated > 0)
            yield return $"{Plain.Count(result.Repeated)} that equal a chosen row";
        if (result.Cases is { Unusable: > 0 } cases)
            yield return $"{Plain.Count(cases.Unusable)} failures without a usable vector";
        if (result.WithoutProbabilities is > 0 and long without)
            yield return $"the uncertainty of {Plain.Count(without)} rows without valid probabilities";
    }

    private static void WriteCases(Json json, CaseCounts? cases)
    {
        if (cases is null)
        {
            json.Tall.WriteNull("cases");
            return;
        }
        json.Line("cases", w =>
        {
            w.WriteStartObject();
            w.WriteNumber("failures", cases.Anchors);
            w.WriteNumber("unusable_vector", cases.Unusable);
            w.WriteStartObject("left_out");
            foreach (var (cause, count) in cases.LeftOut)
                w.WriteNumber(cause, count);
            w.WriteEndObject();
            Json.Number(w, "errors", cases.Errors);
            w.WriteEndObject();
        });
    }
}
