using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>The sections <c>clusters</c> and <c>map</c> of summary.json; null without an embedding.</summary>
internal static class ClustersJson
{
    public static void WriteClusters(Json json, IReadOnlyList<ClusterResult>? clusters)
    {
        var w = json.Tall;
        if (clusters is null)
        {
            w.WriteNull("clusters");
            return;
        }
        w.WriteStartArray("clusters");
        foreach (var cluster in clusters)
            WriteCluster(json, cluster);
        w.WriteEndArray();
    }

    public static void WriteMap(Json json, MapResult? map)
    {
        if (map is null)
        {
            json.Tall.WriteNull("map");
            return;
        }
        json.Line("map", line =>
        {
            line.WriteStartObject();
            line.WriteString("method", map.Method);
            line.WriteStartArray("explained_variance");
            foreach (double variance in map.ExplainedVariance)
                Json.Number(line, variance);
            line.WriteEndArray();
            line.WriteStartArray("explained_variance_ratio");
            foreach (double share in map.ExplainedVarianceRatio)
                Json.Number(line, share);
            line.WriteEndArray();
            line.WriteNumber("rows", map.Rows);
            line.WriteNumber("table_rows", map.TableRows);
            line.WriteEndObject();
        });
    }

    private static void WriteCluster(Json json, ClusterResult cluster)
    {
        var w = json.Tall;
        w.WriteStartObject();
        w.WriteNumber("cluster", cluster.Cluster);
        w.WriteNumber("rows", cluster.Rows);
        w.WriteNumber("errors", cluster.Errors);
        json.Estimate("error_rate", cluster.ErrorRate);
        Json.Number(w, "error_rate_elsewhere", cluster.ErrorRateElsewhere);
        Json.Number(w, "p_value", cluster.PValue);
        Json.Number(w, "q_value", cluster.QValue);
        w.WriteString("label", cluster.Dominant?.Label);
        w.WriteString("pred", cluster.Dominant?.Pred);
        Json.Number(w, "confusion_count", cluster.Dominant?.Count);
        w.WriteNumber("medoid", cluster.Medoid);
        Json.Number(w, "x", cluster.X);
        Json.Number(w, "y", cluster.Y);
        json.Line("typical_errors", line =>
        {
            line.WriteStartArray();
            foreach (long row in cluster.TypicalErrors)
                line.WriteNumberValue(row);
            line.WriteEndArray();
        });
        WriteValues(json, cluster.OverRepresented);
        w.WriteStartArray("slices");
        foreach (var slice in cluster.Slices)
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteNumber("slice", slice.Slice);
                line.WriteString("predicates", slice.Predicates);
                line.WriteNumber("rows", slice.Rows);
                Json.Number(line, "lift", slice.Lift);
                Json.Number(line, "p_value", slice.PValue);
                Json.Number(line, "q_value", slice.QValue);
                line.WriteEndObject();
            });
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    /// <summary>The list <c>over_represented</c> of a cluster.</summary>
    internal static void WriteValues(Json json, IReadOnlyList<ClusterValue> values)
    {
        var w = json.Tall;
        w.WriteStartArray("over_represented");
        foreach (var value in values)
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteString("column", value.Column);
                line.WriteString("value", value.Value);
                line.WriteNumber("rows", value.Rows);
                Json.Number(line, "lift", value.Lift);
                Json.Number(line, "p_value", value.PValue);
                Json.Number(line, "q_value", value.QValue);
                line.WriteEndObject();
            });
        }
        w.WriteEndArray();
    }
}
