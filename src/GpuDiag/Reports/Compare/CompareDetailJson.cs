using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.Compare;

/// <summary>The parts of a comparison's summary.json that need probabilities, slices or cases.</summary>
internal static class CompareDetailJson
{
    public static void WriteScores(Json json, CompareResult result)
    {
        var w = json.Tall;
        Json.Number(w, "scored_rows", result.ScoredRows);
        Json.Number(w, "confidence_rows", result.ConfidenceRows);
        json.Lines("delong", result.DeLong, (line, test) =>
        {
            line.WriteString("class", test.Class);
            CompareJson.WriteChange(line, test.Before, test.After, test.Delta);
            Json.Number(line, "standard_error", test.StandardError);
            Json.Number(line, "z", test.Z);
            Json.Number(line, "p_value", test.PValue);
            line.WriteBoolean("exact", test.IsExact);
        });
    }

    public static void WriteClusters(Json json, CompareResult result)
    {
        var w = json.Tall;
        json.Line("cluster_origin", line =>
        {
            if (result.ClusterOrigin is not { } origin)
            {
                line.WriteNullValue();
                return;
            }
            line.WriteStartObject();
            line.WriteString("by", origin.By);
            line.WriteString("source", origin.Source);
            line.WriteString("metric", origin.Metric);
            line.WriteNumber("excluded", origin.Excluded);
            line.WriteString("reason", origin.Reason);
            line.WriteEndObject();
        });
        if (result.Clusters is not { } clusters)
        {
            w.WriteNull("clusters");
            return;
        }
        w.WriteStartArray("clusters");
        foreach (var cluster in clusters)
        {
            w.WriteStartObject();
            w.WriteNumber("cluster", cluster.Cluster);
            CompareJson.WriteJudged(json, cluster.Group);
            w.WriteString("broken_label", cluster.Broken?.Label);
            w.WriteString("broken_pred", cluster.Broken?.Pred);
            Json.Number(w, "broken_count", cluster.Broken?.Count);
            Json.Number(w, "medoid", cluster.Medoid);
            ClustersJson.WriteValues(json, cluster.OverRepresented);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    public static void WriteSlices(Json json, CompareResult result)
    {
        var w = json.Tall;
        if (result.SliceSearch is not { } search)
        {
            w.WriteNull("slices");
            w.WriteNull("slice_search");
            return;
        }
        json.Lines("slices", result.Slices, (line, slice) =>
        {
            line.WriteString("predicates", slice.Slice.Text);
            line.WriteNumber("level", slice.Slice.Level);
            line.WriteNumber("rows", slice.Table.Rows);
            CompareJson.WriteTable(line, slice.Table);
            Json.Estimate(line, "delta", slice.Delta);
            Json.Number(line, "score", slice.Slice.Score);
            Json.Test(line, slice.PValue, slice.QValue);
            line.WriteString("verdict", CompareJson.Name(slice.Verdict));
            Json.Texts(line, "folded", slice.Slice.Folded);
        });
        w.WriteStartObject("slice_search");
        Json.Number(w, "alpha", search.Alpha);
        w.WriteNumber("min_rows", search.MinRows);
        w.WriteNumber("level", search.Level);
        w.WriteNumber("levels", search.Levels);
        w.WriteBoolean("complete", search.Complete);
        w.WriteNumber("rows", search.Rows);
        w.WriteNumber("broken", search.Errors);
        json.Line("columns", line => Json.Texts(line, search.Columns));
        json.Lines("left_out", search.LeftOut, (line, column) =>
        {
            line.WriteString("column", column.Column);
            line.WriteString("reason", column.Reason);
        });
        w.WriteNumber("candidates", search.Candidates);
        w.WriteNumber("evaluated", search.Evaluated);
        w.WriteEndObject();
    }

    public static void WriteCases(Json json, CasesResult? cases)
    {
        var w = json.Tall;
        if (cases is null)
        {
            w.WriteNull("cases");
            return;
        }
        w.WriteStartObject("cases");
        w.WriteNumber("count", cases.Cases);
        w.WriteNumber("compared", cases.Table.Rows);
        CompareJson.WriteTable(json, cases.Table);
        json.Estimate("fixed", cases.Fixed);
        w.WriteNumber("other_errors", cases.OtherErrors);
        json.Estimate("other_fixed", cases.OtherFixed);
        json.Estimate("excess", cases.Excess);
        w.WriteStartObject("neighbors");
        w.WriteNumber("rows", cases.Neighbors.Rows);
        CompareJson.WriteTable(json, cases.Neighbors);
        json.Estimate("before", cases.NeighborsBefore);
        json.Estimate("after", cases.NeighborsAfter);
        json.Estimate("delta", cases.NeighborsDelta);
        Json.Number(w, "p_value", cases.NeighborsPValue);
        w.WriteString("verdict", CompareJson.Name(cases.NeighborsVerdict));
        w.WriteEndObject();
        WriteGroups(json, "causes", "cause", cases.Causes);
        WriteGroups(json, "clusters", "cluster", cases.Clusters);
        w.WriteEndObject();
    }

    private static void WriteGroups(Json json, string list, string name, IReadOnlyList<CaseGroup> groups) => json.Lines(list, groups, (line, group) =>
    {
        line.WriteString(name, group.Name);
        line.WriteNumber("rows", group.Table.Rows);
        CompareJson.WriteTable(line, group.Table);
        Json.Estimate(line, "fixed", group.Fixed);
    });
}
