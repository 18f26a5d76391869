using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.Explain;

/// <summary>An explanation for machines, schema <c>gpudiag/explain/1</c>.</summary>
public static class ExplanationJson
{
    public static void Write(Stream stream, Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(stream);
        using (var json = new Json(stream))
        {
            var w = json.Tall;
            w.WriteStartObject();
            w.WriteString("schema", "gpudiag/explain/1");
            w.WriteString("version", ProgramVersion.Text);
            WriteRow(json, explanation);
            w.WriteStartArray("probabilities");
            foreach (var p in explanation.Probabilities)
            {
                json.Line(line =>
                {
                    line.WriteStartObject();
                    line.WriteNumber("rank", p.Rank);
                    line.WriteString("class", p.Class);
                    Json.Number(line, "probability", p.Probability);
                    line.WriteEndObject();
                });
            }
            w.WriteEndArray();
            w.WriteStartArray("evidence");
            foreach (var e in explanation.Evidence)
            {
                json.Line(line =>
                {
                    line.WriteStartObject();
                    line.WriteString("cause", e.Cause);
                    line.WriteBoolean("shown", e.Shown);
                    line.WriteString("figures", e.Figures);
                    line.WriteEndObject();
                });
            }
            w.WriteEndArray();
            w.WriteStartArray("neighbors");
            foreach (var n in explanation.Neighbors)
                WriteNeighbor(json, n);
            w.WriteEndArray();
            w.WriteStartArray("would_change");
            foreach (string change in explanation.WouldChange)
                w.WriteStringValue(change);
            w.WriteEndArray();
            w.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    private static void WriteRow(Json json, Explanation explanation)
    {
        var w = json.Tall;
        var row = explanation.Row;
        w.WriteNumber("row", row.Row);
        w.WriteString("id", row.Id);
        w.WriteString("split", row.Split);
        w.WriteString("label", row.Label);
        w.WriteString("pred", row.Pred);
        Flag("correct", row.Correct);
        Json.Number(w, "confidence", row.Confidence);
        Json.Number(w, "margin", explanation.Margin);
        Json.Number(w, "loss", row.Loss);
        Json.Number(w, "label_rank", explanation.LabelRank);
        w.WriteString("cause", row.Cause);
        w.WriteString("failing_segments", row.FailingSegments);
        Flag("label_issue", row.LabelIssue);
        Json.Number(w, "label_quality", row.LabelQuality);
        w.WriteString("suggested_label", row.SuggestedLabel);
        Json.Number(w, "label_agreement", row.LabelAgreement);
        Json.Number(w, "pred_agreement", row.PredAgreement);
        Flag("outlier", row.Outlier);
        Json.Number(w, "outlier_score", row.OutlierScore);
        Json.Number(w, "outlier_percentile", row.OutlierPercentile);
        Json.Number(w, "duplicate_set", row.DuplicateSet);
        Flag("leak", row.Leak);
        Json.Number(w, "cluster", row.Cluster);

        void Flag(string name, bool? value)
        {
            if (value is bool flag)
                w.WriteBoolean(name, flag);
            else
                w.WriteNull(name);
        }
    }

    private static void WriteNeighbor(Json json, RowNeighbor n) => json.Line(line =>
    {
        line.WriteStartObject();
        line.WriteString("source", n.Source);
        line.WriteNumber("rank", n.Rank);
        line.WriteNumber("row", n.NeighborRow);
        line.WriteString("id", n.Neighbor);
        line.WriteString("label", n.Label);
        Json.Number(line, "distance", n.Distance);
        line.WriteEndObject();
    });
}
