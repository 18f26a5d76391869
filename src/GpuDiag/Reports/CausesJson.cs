using System.Text.Json;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>The sections <c>causes</c> and <c>actions</c> of summary.json.</summary>
internal static class CausesJson
{
    /// <param name="limit">Groups at most; the table holds all.</param>
    public static void WriteCauses(Json json, CauseResult? causes, int limit)
    {
        var w = json.Tall;
        if (causes is null)
        {
            w.WriteNull("causes");
            return;
        }
        w.WriteStartObject("causes");
        w.WriteNumber("errors", causes.Errors);
        w.WriteString("learnt_from", causes.LearntFrom);
        if (causes.Learnt is { } learnt)
        {
            w.WriteStartArray("learnt");
            foreach (var (name, rows) in learnt)
                json.Line(line => WriteLearnt(line, name, rows));
            w.WriteEndArray();
        }
        w.WriteStartArray("causes");
        foreach (var cause in causes.Causes)
            WriteCause(json, cause);
        w.WriteEndArray();
        w.WriteNumber("group_count", causes.Groups.Count);
        w.WriteStartArray("groups");
        foreach (var group in causes.Groups.Take(limit))
            WriteGroup(json, causes, group);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    public static void WriteActions(Json json, IReadOnlyList<ActionResult> actions)
    {
        var w = json.Tall;
        w.WriteStartArray("actions");
        foreach (var action in actions)
        {
            w.WriteStartObject();
            w.WriteString("action", action.Action);
            w.WriteString("finding", action.Finding);
            w.WriteString("title", action.Title);
            w.WriteNumber("rows", action.Rows);
            json.Estimate("gain", action.Gain);
            w.WriteString("gain_method", action.GainMethod);
            w.WriteString("select", action.Select);
            w.WriteString("command", action.Command);
            w.WriteString("advice", action.Advice);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void WriteLearnt(Utf8JsonWriter line, string name, long rows)
    {
        line.WriteStartObject();
        line.WriteString("class", name);
        line.WriteNumber("rows", rows);
        line.WriteEndObject();
    }

    private static void WriteCause(Json json, CauseCount cause)
    {
        var w = json.Tall;
        w.WriteStartObject();
        w.WriteString("cause", cause.Cause);
        w.WriteString("meaning", cause.Meaning);
        w.WriteNumber("errors", cause.Errors);
        json.Estimate("share", cause.Share);
        json.Line("rows", line =>
        {
            line.WriteStartArray();
            foreach (long row in cause.Rows)
                line.WriteNumberValue(row);
            line.WriteEndArray();
        });
        w.WriteEndObject();
    }

    private static void WriteGroup(Json json, CauseResult causes, CauseGroup group)
        => json.Line(line =>
        {
            line.WriteStartObject();
            line.WriteString("group", group.Group);
            line.WriteString("column", group.Column);
            line.WriteString("value", group.Value);
            line.WriteNumber("errors", group.Errors);
            for (int c = 0; c < group.Counts.Count; c++)
            {
                if (group.Counts[c] > 0)
                    line.WriteNumber(causes.Causes[c].Cause, group.Counts[c]);
            }
            line.WriteEndObject();
        });
}
