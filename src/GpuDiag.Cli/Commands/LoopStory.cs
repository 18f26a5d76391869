using System.Text.Json;
using GpuDiag.Analyses.Results;
using GpuDiag.Reports;

namespace GpuDiag.Cli.Commands;

/// <summary>What came of a loop, read off the files that its steps left.</summary>
/// <param name="Folder">Of the loop.</param>
/// <param name="Budget">Rows asked for.</param>
/// <param name="Mined">Rows that were mined.</param>
/// <param name="Labelled">Of these, rows whose label is back; null: none is asked for yet.</param>
/// <param name="Strategy">By what rows were chosen.</param>
/// <param name="Accuracies">Of the model, of a head on the training set, of the head with the new labels.</param>
/// <param name="Cases">Failures of the model that labels can mend, and how many of these each head has right.</param>
/// <param name="Segments">The model's worst segments, before and after.</param>
internal sealed record LoopStory(
    string Folder, long Budget, long Mined, long? Labelled, string Strategy, IReadOnlyList<(string Name, Estimate Accuracy)> Accuracies, (long All, long Before, long After) Cases,
    IReadOnlyList<LoopSegment> Segments)
{
    private const int ShownSegments = 5;

    /// <summary>Labels are not there yet.</summary>
    public static LoopStory Waiting(LoopRequest request, string mine)
    {
        var scan = Read($"{request.Out}/scan/summary.json");
        return new LoopStory(request.Out, (long)request.Budget, Read($"{mine}/summary.json").GetProperty("mined").GetInt64(), null, request.Strategy, [("model", Accuracy(scan))], default, []);
    }

    public static LoopStory Of(LoopRequest request, long labelled)
    {
        string path = request.Out;
        JsonElement scan = Read($"{path}/scan/summary.json"), before = Read($"{path}/head-before/summary.json").GetProperty("test"), after = Read($"{path}/head/summary.json").GetProperty("test");
        var old = Segmented(Read($"{path}/scan-before/summary.json"));
        var now = Segmented(Read($"{path}/scan-after/summary.json"));
        LoopSegment[] segments = [.. Segmented(scan)
            .Where(s => old.ContainsKey(s.Key) && now.ContainsKey(s.Key))
            .Take(ShownSegments)
            .Select(s => new LoopSegment(s.Key.Column, s.Key.Value, s.Value.Rows, s.Value.Accuracy, old[s.Key].Accuracy, now[s.Key].Accuracy))];
        return new LoopStory(
            path, (long)request.Budget, Read($"{path}/mine/summary.json").GetProperty("mined").GetInt64(), labelled, request.Strategy,
            [("model", Accuracy(scan)), ("head, training set alone", Estimate(before.GetProperty("accuracy"))), ("head, with the new labels", Estimate(after.GetProperty("accuracy")))],
            (after.GetProperty("cases").GetInt64(), before.GetProperty("cases_right").GetInt64(), after.GetProperty("cases_right").GetInt64()), segments);
    }

    public void WriteJson(Stream stream, IReadOnlyList<string> commands)
    {
        using (var json = new Json(stream))
        {
            var w = json.Tall;
            w.WriteStartObject();
            w.WriteString("schema", "gpudiag/loop/1");
            w.WriteString("version", ProgramVersion.Text);
            w.WriteString("strategy", Strategy);
            w.WriteNumber("budget", Budget);
            w.WriteNumber("mined", Mined);
            Json.Number(w, "labelled", Labelled);
            w.WriteStartArray("accuracy");
            foreach (var (name, accuracy) in Accuracies)
            {
                json.Line(line =>
                {
                    line.WriteStartObject();
                    line.WriteString("of", name);
                    line.WritePropertyName("accuracy");
                    Json.Write(line, accuracy);
                    line.WriteEndObject();
                });
            }
            w.WriteEndArray();
            json.Line("cases", line =>
            {
                line.WriteStartObject();
                line.WriteNumber("failures", Cases.All);
                line.WriteNumber("right_without_labels", Cases.Before);
                line.WriteNumber("right_with_labels", Cases.After);
                line.WriteEndObject();
            });
            w.WriteStartArray("segments");
            foreach (var segment in Segments)
            {
                json.Line(line =>
                {
                    line.WriteStartObject();
                    line.WriteString("column", segment.Column);
                    line.WriteString("value", segment.Value);
                    line.WriteNumber("rows", segment.Rows);
                    Json.Number(line, "model", segment.Model.Value);
                    Json.Number(line, "without_labels", segment.Before.Value);
                    Json.Number(line, "with_labels", segment.After.Value);
                    line.WriteEndObject();
                });
            }
            w.WriteEndArray();
            w.WriteStartArray("commands");
            foreach (string command in commands)
                w.WriteStringValue(command);
            w.WriteEndArray();
            w.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    public void WriteText(TextWriter output, Palette palette, TimeSpan elapsed)
    {
        Line(palette.Bold(Headline()) + $"; {Plain.Seconds(elapsed)}");
        output.Write('\n');
        Line(palette.Bold($"{"Accuracy on the test data",-44}{"value",10}   95 % interval"));
        foreach (var (name, accuracy) in Accuracies)
            Line($"  {name,-42}{Plain.Figure(accuracy.Value),10}   {Plain.Interval(accuracy)}");
        if (Labelled is not null)
        {
            Line($"  of {Plain.Count(Cases.All)} failures that labels can mend, right without the new labels {Plain.Count(Cases.Before)}, with them {Plain.Count(Cases.After)}");
            output.Write('\n');
            Line(palette.Bold($"{"The model's worst segments",-44}{"rows",8}{"model",10}{"without",10}{"with",10}"));
            foreach (var segment in Segments)
                Line($"  {Plain.Name($"{segment.Column} = {segment.Value}", 41),-42}{Plain.Count(segment.Rows),8}{Plain.Figure(segment.Model.Value),10}{Plain.Figure(segment.Before.Value),10}{Plain.Figure(segment.After.Value),10}");
            output.Write('\n');
            foreach (string line in Plain.Wrap("The failures come from the same test data that is told here, so the gain is somewhat better than on new rows: keep rows aside that no mining has seen.", 100))
                Line(palette.Dim(line));
        }
        output.Write('\n');
        Line(palette.Bold($"Written to {Plain.Name(Folder)}"));
        Line($"  {Reports.Html.HtmlReport.StoryName,-22}{palette.Dim("this as a page")}");
        Line($"  {"loop.json",-22}{palette.Dim("this for machines, with the command of each step")}");
        Line(Labelled is null
            ? $"Next: fill the column label of {Plain.Name(Folder)}/mine/mined.csv, and run the same command with --labels {Plain.Name(Folder)}/mine/mined.csv"
            : $"  {"scan/, mine/, head/, …",-22}{palette.Dim(" what each step left")}");

        void Line(string text) => output.Write(text.TrimEnd() + "\n");
    }

    /// <summary>One sentence.</summary>
    public string Headline() => Labelled is null
        ? $"{Plain.Count(Mined)} rows to label next, chosen by {Strategy}"
        : $"{Plain.Count(Labelled.Value)} of {Plain.Count(Mined)} mined rows are labelled (chosen by {Strategy}): accuracy {Plain.Figure(Accuracies[1].Accuracy.Value)} without, {Plain.Figure(Accuracies[2].Accuracy.Value)} with them";

    private static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.Clone();
    }

    private static Estimate Accuracy(JsonElement summary) => Estimate(summary.GetProperty("metrics").GetProperty("accuracy"));

    private static Estimate Estimate(JsonElement e) => new(Number(e.GetProperty("value")), Number(e.GetProperty("low")), Number(e.GetProperty("high")));

    private static double? Number(JsonElement e) => e.ValueKind == JsonValueKind.Number ? e.GetDouble() : null;

    /// <summary>Segments with rows, in the order of the summary: most surely worst first.</summary>
    private static Dictionary<(string Column, string? Value), (long Rows, Estimate Accuracy)> Segmented(JsonElement summary) =>
        summary.GetProperty("segments").EnumerateArray().ToDictionary(
            s => (s.GetProperty("column").GetString()!, s.GetProperty("value").GetString()),
            s => (s.GetProperty("rows").GetInt64(), Estimate(s.GetProperty("accuracy"))));
}

/// <summary>A segment's accuracy: of the model, of the head without the new labels, of the head with them.</summary>
internal sealed record LoopSegment(string Column, string? Value, long Rows, Estimate Model, Estimate Before, Estimate After);
