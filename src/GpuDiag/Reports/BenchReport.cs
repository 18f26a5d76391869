using System.Globalization;
using GpuDiag.Engine;

namespace GpuDiag.Reports;

/// <summary>What <c>gpudiag bench</c> says, as text and as JSON (schema <c>gpudiag/bench/1</c>).</summary>
internal static class BenchReport
{
    public static void WriteText(TextWriter output, DeviceBenchResult result)
    {
        output.Write($"{result.Device}: {Plain.Name(result.Description)}\n\nLimits, measured here\n");
        foreach (var limit in result.Limits)
            output.Write(string.Create(CultureInfo.InvariantCulture, $"  {limit.Name,-40}{limit.Value / 1e9,12:0.00} G{limit.Unit}\n"));
        output.Write($"\n{"Operations",-12}{"data",-42}{"M rows/s",12}{"of limit",10}   bound by\n");
        foreach (var figure in result.Figures)
        {
            output.Write(string.Create(CultureInfo.InvariantCulture,
                $"{figure.Operation,-12}{Plain.Name(figure.Data, 41),-42}{figure.RowsPerSecond / 1e6,12:0.0}{100 * figure.Fraction,8:0.0} %   {figure.BoundBy}: {figure.Arithmetic}\n"));
        }
    }

    public static void WriteJson(Stream stream, DeviceBenchResult result, int threads)
    {
        using (var json = new Json(stream))
        {
            var w = json.Tall;
            w.WriteStartObject();
            w.WriteString("schema", "gpudiag/bench/1");
            w.WriteString("version", ProgramVersion.Text);
            w.WriteString("device", result.Device);
            w.WriteString("description", result.Description);
            w.WriteNumber("threads", threads);
            w.WriteStartArray("limits");
            foreach (var limit in result.Limits)
            {
                json.Line(line =>
                {
                    line.WriteStartObject();
                    line.WriteString("name", limit.Name);
                    Json.Number(line, "value", limit.Value);
                    line.WriteString("unit", limit.Unit);
                    line.WriteEndObject();
                });
            }
            w.WriteEndArray();
            w.WriteStartArray("figures");
            foreach (var figure in result.Figures)
            {
                json.Line(line =>
                {
                    line.WriteStartObject();
                    line.WriteString("operation", figure.Operation);
                    line.WriteString("data", figure.Data);
                    line.WriteNumber("rows", figure.Rows);
                    Json.Number(line, "seconds", figure.Seconds);
                    Json.Number(line, "rows_per_second", figure.RowsPerSecond);
                    line.WriteString("bound_by", figure.BoundBy);
                    Json.Number(line, "bound_seconds", figure.BoundSeconds);
                    Json.Number(line, "fraction", figure.Fraction);
                    line.WriteString("arithmetic", figure.Arithmetic);
                    line.WriteEndObject();
                });
            }
            w.WriteEndArray();
            w.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }
}
