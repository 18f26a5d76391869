using System.Globalization;
using GpuDiag.Analyses.Scan;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Reports;

/// <summary>run.json: where, when and how; the only file that differs between machines.</summary>
public static class RunJson
{
    public static void Write(Stream stream, RunInfo run)
    {
        using (var json = new Json(stream))
        {
            var w = json.Tall;
            w.WriteStartObject();
            w.WriteString("schema", "gpudiag/run/1");
            w.WriteString("version", run.Version);
            w.WriteString("command", run.Command);
            if (run.Started is { } started)
                w.WriteString("started", Text(started));
            w.WriteStartArray("roles");
            foreach (var role in run.Roles)
                WriteTexts(json, ("role", role.Role), ("column", role.Column), ("how", role.How));
            w.WriteEndArray();
            w.WritePropertyName("device");
            WriteTexts(json, ("backend", run.Device.Backend), ("name", run.Device.Name), ("reason", run.Device.Reason));
            w.WriteNumber("threads", run.Threads);
            w.WriteNumber("seed", run.Seed);
            w.WriteStartArray("inputs");
            foreach (var input in run.Inputs)
            {
                json.Line(line =>
                {
                    line.WriteStartObject();
                    line.WriteString("set", input.Set);
                    line.WriteString("path", input.Path);
                    line.WriteNumber("bytes", input.Bytes);
                    line.WriteNumber("rows", input.Rows);
                    line.WriteEndObject();
                });
            }
            w.WriteEndArray();
            w.WriteStartArray("skipped");
            foreach (var skipped in run.Skipped)
                WriteTexts(json, ("path", skipped.Path), ("reason", skipped.Reason));
            w.WriteEndArray();
            WriteVectors(json, run.Vectors);
            w.WriteStartArray("timings");
            foreach (var timing in run.Timings)
            {
                json.Line(line =>
                {
                    line.WriteStartObject();
                    line.WriteString("stage", timing.Stage);
                    Json.Number(line, "seconds", Math.Round(timing.Seconds, 6));
                    line.WriteEndObject();
                });
            }
            w.WriteEndArray();
            w.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    /// <summary>An instant as text: UTC, to the second, whatever the machine's own zone and calendar are.</summary>
    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void WriteVectors(Json json, IReadOnlyList<VectorsUsed> vectors)
    {
        if (vectors.Count == 0)
            return;
        json.Tall.WriteStartArray("vectors");
        foreach (var used in vectors)
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteString("set", used.Set);
                line.WriteString("column", used.Column);
                line.WriteNumber("rows", used.Rows);
                line.WriteNumber("dimensions", used.Dimensions);
                line.WriteString("residence", used.Residence switch { VectorResidence.Mapped => "mapped", VectorResidence.Memory => "memory", _ => "scratch" });
                line.WriteNumber("bytes", used.Bytes);
                line.WriteEndObject();
            });
        }
        json.Tall.WriteEndArray();
    }

    private static void WriteTexts(Json json, params (string Name, string Value)[] pairs)
    {
        json.Line(line =>
        {
            line.WriteStartObject();
            foreach (var (name, value) in pairs)
                line.WriteString(name, value);
            line.WriteEndObject();
        });
    }
}
