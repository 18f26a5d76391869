using System.Text.Json;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.Gates;

/// <summary>
/// Judges gates against summary.json. What is missing, null or not a number fails with the reason: a gate never
/// passes silently.
/// </summary>
internal static class GateEvaluator
{
    /// <summary>Judges all gates, against all segments and classes, also those that the file leaves to the tables.</summary>
    public static IReadOnlyList<GateVerdict> Judge(IReadOnlyList<Gate> gates, ScanResult result)
    {
        if (gates.Count == 0)
            return [];
        using var bytes = new MemoryStream();
        SummaryJson.Write(bytes, NamedFirst(gates, result));
        using var summary = JsonDocument.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
        return [.. gates.Select(gate => Judge(gate, summary.RootElement))];
    }

    public static GateVerdict Judge(Gate gate, JsonElement summary)
    {
        if (!TryResolve(gate.Path, summary, out JsonElement found, out string reason))
            return new GateVerdict(gate, false, null, reason);
        if (found.ValueKind == JsonValueKind.Object && found.TryGetProperty("value", out JsonElement value))
            found = value;
        return found.ValueKind switch
        {
            JsonValueKind.Number => new GateVerdict(gate, gate.Holds(found.GetDouble()), found.GetDouble(), null),
            JsonValueKind.True => new GateVerdict(gate, gate.Holds(1), 1, null),
            JsonValueKind.False => new GateVerdict(gate, gate.Holds(0), 0, null),
            JsonValueKind.Null => new GateVerdict(gate, false, null, $"{PathText(gate.Path)} is undefined in this data"),
            JsonValueKind.Array => new GateVerdict(gate, false, null, $"{PathText(gate.Path)} is a list: pick an entry, like {Example(gate.Path[^1].Name)}"),
            JsonValueKind.Object => new GateVerdict(gate, false, null, $"{PathText(gate.Path)} holds several figures: name one of {Names(found)}"),
            _ => new GateVerdict(gate, false, null, $"{PathText(gate.Path)} is not a number"),
        };
    }

    /// <summary>The summary cuts a long list of segments: those that gates name go first, so that none is cut.</summary>
    private static ScanResult NamedFirst(IReadOnlyList<Gate> gates, ScanResult result)
    {
        var named = gates.SelectMany(g => g.Path).Where(s => s.Selector is not null)
            .Select(s => (s.Selector!.Column, s.Selector.Value)).ToHashSet();
        return result with
        {
            Segments = [.. result.Segments.OrderBy(s => named.Contains((s.Column, s.IsNull ? null : s.Value)) ? 0 : 1)],
        };
    }

    private static bool TryResolve(IReadOnlyList<GateStep> path, JsonElement summary, out JsonElement found, out string reason)
    {
        // A bare metric name means the one of the whole dataset.
        bool isMetric = path[0].Selector is null && !summary.TryGetProperty(path[0].Name, out _);
        found = isMetric && summary.TryGetProperty("metrics", out JsonElement metrics) ? metrics : summary;
        reason = "";
        for (int i = 0; i < path.Count; i++)
        {
            var step = path[i];
            string before = PathText(path.Take(i));
            if (found.ValueKind != JsonValueKind.Object)
                reason = found.ValueKind == JsonValueKind.Null ? $"{before} is undefined in this data" : $"{before} has no '{step.Name}'";
            else if (!found.TryGetProperty(step.Name, out JsonElement next))
                reason = $"there is no '{step.Name}'{(i == 0 ? "" : " in " + before)}: known are {Names(found)}";
            else if (step.Selector is null)
                found = next;
            else if (!TrySelect(next, step, out found))
                reason = $"there is no {step} in this data";
            if (reason.Length > 0)
                return false;
        }
        return true;
    }

    private static bool TrySelect(JsonElement list, GateStep step, out JsonElement found)
    {
        found = default;
        if (list.ValueKind != JsonValueKind.Array)
            return false;
        var (column, value) = step.Selector!;
        foreach (JsonElement entry in list.EnumerateArray())
        {
            bool hit = step.Name switch
            {
                "segments" => Is(entry, "column", column) && Is(entry, "value", value),
                "slices" => Is(entry, "predicates", column is null ? value : $"{column}={value ?? "null"}"),
                "columns" => column is null or "column" && Is(entry, "column", value),
                "series" => column is null or "dataset" && entry.TryGetProperty("dataset", out JsonElement number) && number.GetRawText() == value,
                "clusters" => column is null or "cluster" && entry.TryGetProperty("cluster", out JsonElement cluster) && cluster.GetRawText() == value,
                "classes" => column is null or "class" && Is(entry, "class", value),
                _ => false,
            };
            if (hit)
            {
                found = entry;
                return true;
            }
        }
        return false;
    }

    private static bool Is(JsonElement entry, string property, string? value)
        => entry.ValueKind == JsonValueKind.Object
            && entry.TryGetProperty(property, out JsonElement actual)
            && actual.ValueKind is JsonValueKind.String or JsonValueKind.Null
            && actual.GetString() == value;

    private static string Example(string list) => list == "segments" ? "segments[weather=fog].accuracy" : $"{list}[name].recall";

    private static string Names(JsonElement element)
    {
        var names = element.EnumerateObject().Select(p => p.Name).ToList();
        return names.Count <= 20 ? string.Join(", ", names) : string.Join(", ", names.Take(20)) + ", …";
    }

    private static string PathText(IEnumerable<GateStep> path) => string.Join('.', path);
}
