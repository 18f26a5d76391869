using GpuDiag.Analyses.Scan;
using GpuDiag.Reports;
using GpuDiag.Scoring.Output;

namespace GpuDiag.Scoring;

/// <summary>A scoring run in short: for people within 100 columns, and as summary.json (schema <c>gpudiag/score/1</c>).</summary>
internal static class ScoreSummary
{
    public const string ClassFile = "classes.txt";
    private const int Width = 100;

    public static void WriteJson(Stream stream, ScoreResult result)
    {
        using (var json = new Json(stream))
        {
            var w = json.Tall;
            w.WriteStartObject();
            w.WriteString("schema", "gpudiag/score/1");
            w.WriteString("version", ProgramVersion.Text);
            w.WriteNumber("rows", result.Rows);
            w.WriteStartObject("unscored");
            w.WriteNumber("missing_input", result.Missing);
            w.WriteNumber("damaged_image", result.Damaged);
            w.WriteEndObject();
            w.WriteNumber("nan_results", result.Undefined);
            w.WriteStartObject("model");
            w.WriteString("sha256", result.ModelDigest);
            w.WriteString("producer", result.Producer);
            w.WriteNumber("opset", result.Opset);
            w.WriteEndObject();
            Roles(json, "inputs", "input", result.Inputs);
            Roles(json, "outputs", "output", result.Outputs);
            Texts(w, "outputs_left", result.Left);
            Texts(w, "carried", result.Carried);
            Texts(w, "replaced", result.Replaced);
            if (result.Classes is { } names)
                Texts(w, "class_names", names);
            else
                w.WriteNull("class_names");
            w.WriteNumber("batch", result.Batch);
            w.WriteNumber("parts", result.Parts);
            Json.Number(w, "row_mixing", result.Mixing);
            w.WriteBoolean("mixes_rows", result.Mixing > ScoreResult.MostMixing);
            w.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    /// <summary>run.json's content.</summary>
    public static RunInfo Run(ScoreResult result, string version, string command) => new()
    {
        Version = version,
        Command = command,
        Roles = [.. result.Inputs.Select(i => i with { Role = "input " + i.Role }), .. result.Outputs.Select(o => o with { Role = "output " + o.Role })],
        Device = result.Device,
        Threads = result.Threads,
        Seed = 0,
        Inputs = result.Files,
        Skipped = result.Skipped,
        Timings = result.Timings,
    };

    public static void WriteText(TextWriter output, Palette palette, ScoreResult result, string model, string folder, TimeSpan elapsed)
    {
        long scored = result.Rows - result.Missing - result.Damaged;
        double seconds = result.Timings.First(t => t.Stage == "score").Seconds;
        Line(palette.Bold($"{Plain.Count(scored)} rows scored") + $" with {Plain.Name(Path.GetFileName(model), 60)}" + (result.PartsKept == 0 && seconds > 0 ? $", {Plain.Count((long)(result.Rows / seconds))} rows/s" : ""));
        Lines(palette.Dim, "Inputs: " + string.Join("; ", result.Inputs.Select(i => $"{Plain.Name(i.Role, 40)} = {Plain.Name(i.Column, 60)} ({i.How})")));
        Lines(palette.Dim, "Outputs: " + string.Join("; ", result.Outputs.Select(o => $"{Plain.Name(o.Role, 40)} = {Plain.Name(o.Column, 40)} ({o.How})"))
            + (result.Left.Count > 0 ? $"; not written: {string.Join(", ", result.Left.Select(n => Plain.Name(n, 40)))} (name them with --output)" : ""));
        Lines(palette.Dim, $"Device: {result.Device.Backend}, {result.Device.Name} ({result.Device.Reason}); {Plain.Seconds(elapsed)}");
        if (result.PartsKept > 0)
            Line($"{Plain.Count(result.PartsKept)} of {Plain.Count(result.Parts)} parts were there from before");
        if (result.Replaced.Count > 0)
            Lines(palette.Yellow, $"Columns of the data that results replace: {string.Join(", ", result.Replaced.Select(n => Plain.Name(n, 40)))}");
        if (result.Missing > 0)
            Lines(palette.Yellow, $"{Plain.Count(result.Missing)} rows have a null or NaN input and no prediction (--missing pass hands NaN to the model)");
        if (result.Damaged > 0)
            Lines(palette.Yellow, $"{Plain.Count(result.Damaged)} rows have an image that can't be read, and no prediction");
        if (result.Undefined > 0)
            Lines(palette.Yellow, $"{Plain.Count(result.Undefined)} rows got NaN from the model, and no prediction");
        if (result.Mixing > ScoreResult.MostMixing)
            Lines(palette.Yellow, $"The model mixes rows: the same rows beside others gave results that differ by {Plain.Magnitude(result.Mixing)} of the greatest. Is it exported in training mode? Its predictions depend on what comes together.");
        foreach (var skipped in result.Skipped)
            Line(palette.Yellow($"Skipped: {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}"));
        output.Write('\n');
        Line(palette.Bold($"Written to {Plain.Name(folder)}"));
        Line($"  {PartFolder.Name + "/",-22}{palette.Dim($"Parquet, {(result.Parts == 1 ? "1 part" : $"{Plain.Count(result.Parts)} parts")}: {string.Join(", ", result.Outputs.Select(o => Plain.Name(o.Column, 30)))}, and {result.Carried.Count} columns of the data")}");
        if (result.Classes is not null)
            Line($"  {ClassFile,-22}{palette.Dim("class names, in the order of the probabilities")}");
        Line($"  {"run.json",-22}{palette.Dim("version, command, device, timings")}");
        Line($"  {"summary.json",-22}{palette.Dim("counts and roles, for machines")}");
        output.Write('\n');
        string classes = result.Classes is null ? "" : $" --classes {Path.Combine(folder, ClassFile)}";
        Line($"Next: gpudiag scan {Path.Combine(folder, PartFolder.Name)}{classes}");

        void Lines(Func<string, string> colour, string text)
        {
            foreach (string line in Plain.Wrap(text, Width))
                Line(colour(line));
        }

        void Line(string text) => output.Write(text.TrimEnd() + "\n");
    }

    private static void Texts(System.Text.Json.Utf8JsonWriter w, string name, IEnumerable<string> texts)
    {
        w.WriteStartArray(name);
        foreach (string text in texts)
            w.WriteStringValue(text);
        w.WriteEndArray();
    }

    private static void Roles(Json json, string name, string key, IEnumerable<RoleTaken> roles)
    {
        json.Tall.WriteStartArray(name);
        foreach (var role in roles)
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteString(key, role.Role);
                line.WriteString("column", role.Column);
                line.WriteString("how", role.How);
                line.WriteEndObject();
            });
        }
        json.Tall.WriteEndArray();
    }
}
