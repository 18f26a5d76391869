using System.Globalization;
using GpuDiag.Engine;

namespace GpuDiag.Reports;

/// <summary>What <c>gpudiag devices</c> says, as text and as JSON (schema <c>gpudiag/devices/1</c>).</summary>
internal static class DevicesReport
{
    public static void WriteText(TextWriter output, DeviceReport report)
    {
        output.Write("Devices\n");
        foreach (var device in report.Devices)
        {
            // The host's description tells its threads.
            string units = device.WarpSize is int warp ? $", {device.Units} multiprocessors of warp {warp}" : "";
            string driver = device.Driver is null ? "" : $", driver {device.Driver}";
            output.Write($"  {device.Device,-10} {Plain.Name(device.Description)}{units}, {DeviceReport.Size(device.MemoryBytes)}{driver}\n");
        }
        foreach (string absent in report.Absent)
            output.Write($"  none of {absent}\n");
        output.Write($"auto chooses {report.Chosen}: {Plain.Name(report.ChosenDescription)} ({report.Reason})\n");
    }

    public static void WriteText(TextWriter output, IReadOnlyList<DeviceCheckResult> checks)
    {
        output.Write($"\n{"Check",-12}{"operation",-12}{"cases",8}{"rows",14}{"time",10}   every state against the scalar one, byte for byte\n");
        foreach (var check in checks)
        {
            string verdict = check.Passed ? "pass" : $"FAIL ({check.Failures} of {check.Cases} cases): {Plain.Name(check.FirstFailure!)}";
            output.Write(string.Create(CultureInfo.InvariantCulture, $"{check.Device,-12}{check.Operation,-12}{check.Cases,8}{check.Rows,14:N0}{check.Seconds,8:0.00} s   {verdict}\n"));
        }
    }

    /// <param name="checks">Null when none were asked for.</param>
    public static void WriteJson(Stream stream, DeviceReport report, IReadOnlyList<DeviceCheckResult>? checks)
    {
        using (var json = new Json(stream))
        {
            var w = json.Tall;
            w.WriteStartObject();
            w.WriteString("schema", "gpudiag/devices/1");
            w.WriteString("version", ProgramVersion.Text);
            w.WriteStartArray("devices");
            foreach (var device in report.Devices)
            {
                json.Line(line =>
                {
                    line.WriteStartObject();
                    line.WriteString("device", device.Device);
                    line.WriteString("description", device.Description);
                    line.WriteNumber("memory_bytes", device.MemoryBytes);
                    line.WriteString("driver", device.Driver);
                    line.WriteNumber("units", device.Units);
                    Json.Number(line, "warp_size", device.WarpSize);
                    line.WriteEndObject();
                });
            }
            w.WriteEndArray();
            w.WriteStartArray("absent");
            foreach (string absent in report.Absent)
                w.WriteStringValue(absent);
            w.WriteEndArray();
            json.Line("auto", line =>
            {
                line.WriteStartObject();
                line.WriteString("chosen", report.Chosen);
                line.WriteString("description", report.ChosenDescription);
                line.WriteString("reason", report.Reason);
                line.WriteEndObject();
            });
            if (checks is not null)
                WriteChecks(json, checks);
            w.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    private static void WriteChecks(Json json, IReadOnlyList<DeviceCheckResult> checks)
    {
        json.Tall.WriteStartArray("checks");
        foreach (var check in checks)
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteString("device", check.Device);
                line.WriteString("operation", check.Operation);
                line.WriteBoolean("passed", check.Passed);
                line.WriteNumber("cases", check.Cases);
                line.WriteNumber("rows", check.Rows);
                line.WriteNumber("failures", check.Failures);
                line.WriteString("first_failure", check.FirstFailure);
                Json.Number(line, "seconds", check.Seconds);
                line.WriteEndObject();
            });
        }
        json.Tall.WriteEndArray();
    }
}
