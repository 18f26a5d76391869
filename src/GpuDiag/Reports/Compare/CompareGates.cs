using System.Text.Json;
using GpuDiag.Analyses.Results;
using GpuDiag.Reports.Gates;

namespace GpuDiag.Reports.Compare;

/// <summary>
/// Judges gates against a comparison's summary. Beside the paths of summary.json it knows <c>regressions</c>, their number,
/// and <c>delta.METRIC</c>, short for <c>metrics.METRIC.delta</c>, of all rows or of a segment or class.
/// </summary>
internal static class CompareGates
{
    public static IReadOnlyList<GateVerdict> Judge(IReadOnlyList<Gate> gates, CompareResult result)
    {
        if (gates.Count == 0)
            return [];
        using var bytes = new MemoryStream();
        CompareJson.Write(bytes, result, limit: int.MaxValue);
        using var summary = JsonDocument.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
        return [.. gates.Select(gate => GateEvaluator.Judge(gate with { Path = Meant(gate.Path) }, summary.RootElement) with { Gate = gate })];
    }

    private static List<GateStep> Meant(IReadOnlyList<GateStep> path)
    {
        if (path is [{ Name: "regressions", Selector: null }])
            return [new GateStep("regression_count", null)];
        List<GateStep> meant = [];
        for (int i = 0; i < path.Count; i++)
        {
            // The delta of a metric, unless the metric itself stands before it.
            bool isShort = path[i] is { Name: "delta", Selector: null } && i + 1 < path.Count && (i == 0 || path[i - 1].Selector is not null);
            if (isShort && path[i + 1].Name is not ("value" or "low" or "high"))
            {
                meant.AddRange([new GateStep("metrics", null), path[i + 1], path[i]]);
                i++;
            }
            else
            {
                meant.Add(path[i]);
            }
        }
        return meant;
    }
}
