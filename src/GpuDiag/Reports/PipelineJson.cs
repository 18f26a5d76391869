using System.Text.Json;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>The section <c>pipeline</c> of summary.json: every check with its figures; null when nothing was checked.</summary>
internal static class PipelineJson
{
    public static void Write(Json json, PipelineResult? pipeline)
    {
        var w = json.Tall;
        if (pipeline is null)
        {
            w.WriteNull("pipeline");
            return;
        }
        w.WriteStartObject("pipeline");
        foreach (string status in new[] { PipelineCheck.Passing, PipelineCheck.Failing, PipelineCheck.Inapplicable })
            w.WriteNumber(status, pipeline.Checks.Count(c => c.Status == status));
        w.WriteStartArray("checks");
        foreach (var check in pipeline.Checks)
            json.Line(line => WriteCheck(line, check));
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static void WriteCheck(Utf8JsonWriter line, PipelineCheck check)
    {
        line.WriteStartObject();
        line.WriteString("code", check.Code);
        line.WriteString("status", check.Status);
        if (check.Reason is not null)
        {
            line.WriteString("reason", check.Reason);
            line.WriteEndObject();
            return;
        }
        line.WriteString("statistic", check.Statistic);
        Json.Number(line, "value", check.Value);
        Json.Number(line, "p_value", check.PValue);
        Json.Number(line, "false_alarm_rate", check.FalseAlarmRate);
        line.WriteNumber("rows", check.Rows);
        if (check.AccuracyIfFixed.Value is not null)
        {
            line.WritePropertyName("accuracy_if_fixed");
            Json.Write(line, check.AccuracyIfFixed);
        }
        if (check.Evidence.Count > 0)
        {
            line.WritePropertyName("evidence");
            SummaryJson.WriteEvidence(line, check.Evidence);
        }
        line.WriteEndObject();
    }
}
