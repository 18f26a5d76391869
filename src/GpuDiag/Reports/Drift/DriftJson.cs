using GpuDiag.Analyses.Drift;
using GpuDiag.Analyses.Scan;

namespace GpuDiag.Reports.Drift;

/// <summary>A comparison as summary.json (schema <c>gpudiag/drift/1</c>, docs/drift.md).</summary>
internal static class DriftJson
{
    /// <param name="stream">Receives it.</param>
    /// <param name="results">One per dataset after the reference; the last is told in full, the others as a series.</param>
    /// <param name="run">Where the result comes from.</param>
    public static void Write(Stream stream, IReadOnlyList<DriftResult> results, RunInfo run)
    {
        var result = results[^1];
        using (var json = new Json(stream))
        {
            var w = json.Tall;
            w.WriteStartObject();
            w.WriteString("schema", "gpudiag/drift/1");
            json.Line("rows", line =>
            {
                line.WriteStartObject();
                line.WriteNumber("reference", result.ReferenceRows);
                line.WriteNumber("current", result.CurrentRows);
                line.WriteEndObject();
            });
            json.Line("thresholds", line =>
            {
                line.WriteStartObject();
                Json.Number(line, "effect", result.Effect);
                Json.Number(line, "q_value", result.Alpha);
                line.WriteEndObject();
            });
            w.WriteNumber("compared_columns", result.Columns.Count);
            w.WriteNumber("drifted_columns", result.Drifted);
            DriftAccuracyJson.Write(json, result);
            json.Lines("columns", result.Columns, Write);
            WriteSeries(json, results);
            json.Lines("not_compared", result.NotCompared, (line, left) =>
            {
                line.WriteString("column", left.Column);
                line.WriteString("reason", left.Reason);
            });
            ProvenanceJson.Write(json, "drift", run);
            w.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    private static void WriteSeries(Json json, IReadOnlyList<DriftResult> results) => json.Lines("series", results.Index(), (w, one) =>
    {
        var (index, result) = one;
        w.WriteNumber("dataset", index + 1);
        w.WriteNumber("rows", result.CurrentRows);
        w.WriteNumber("compared_columns", result.Columns.Count);
        w.WriteNumber("drifted_columns", result.Drifted);
        Json.Number(w, "accuracy", result.Accuracy?.Current?.Value);
        Json.Number(w, "estimated_accuracy", result.Accuracy?.Estimated?.Value);
        var shown = result.Accuracy?.Decompositions is [var first, ..] ? first : null;
        Json.Number(w, "mix", shown?.Mix);
        Json.Number(w, "within", shown?.Within);
        w.WriteStartArray("columns");
        foreach (var column in result.Columns)
        {
            w.WriteStartObject();
            w.WriteString("column", column.Column);
            Json.Number(w, "effect", column.Effect);
            Json.Number(w, "q_value", column.QValue);
            w.WriteBoolean("drifted", column.Drifted);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    });

    private static void Write(System.Text.Json.Utf8JsonWriter w, ColumnDrift column)
    {
        w.WriteString("column", column.Column);
        w.WriteString("kind", DriftKinds.Name(column.Kind));
        w.WriteString("method", column.Method);
        Json.Number(w, "statistic", column.Statistic);
        Json.Number(w, "effect", column.Effect);
        Json.Test(w, column.PValue, column.QValue);
        w.WriteBoolean("drifted", column.Drifted);
        w.WriteStartObject("measures");
        foreach (var (name, value) in column.Measures)
            Json.Number(w, name, value);
        w.WriteEndObject();
        WriteBinning(w, column.Binning);
        WriteSide(w, "reference", column.Reference, column.Kind == DriftKind.Embedding);
        WriteSide(w, "current", column.Current, column.Kind == DriftKind.Embedding);
        w.WriteStartObject("missing");
        w.WriteNumber("reference", column.Missing.Reference);
        w.WriteNumber("current", column.Missing.Current);
        Json.Number(w, "effect", column.Missing.Effect);
        Json.Test(w, column.Missing.PValue, column.Missing.QValue);
        w.WriteBoolean("drifted", column.Missing.Drifted);
        w.WriteEndObject();
        if (column.OneSided is { } sided)
        {
            w.WriteStartObject("one_sided");
            w.WriteNumber("new", sided.New);
            Json.Number(w, "new_share", sided.NewShare);
            w.WriteNumber("vanished", sided.Vanished);
            Json.Number(w, "vanished_share", sided.VanishedShare);
            w.WriteEndObject();
        }
        w.WriteStartArray("shares");
        foreach (var share in column.Shares)
        {
            w.WriteStartObject();
            w.WriteString("value", share.Value);
            Json.Number(w, "reference", share.Reference);
            Json.Number(w, "current", share.Current);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void WriteBinning(System.Text.Json.Utf8JsonWriter w, DriftBinning? binning)
    {
        if (binning is null)
        {
            w.WriteNull("binning");
            return;
        }
        w.WriteStartObject("binning");
        w.WriteString("method", binning.Method);
        w.WriteNumber("bins", binning.Bins);
        if (binning.Method == "values")
        {
            w.WriteNumber("pooled", binning.Pooled);
        }
        else if (binning.Method == "reference_deciles")
        {
            w.WriteStartArray("edges");
            foreach (double edge in binning.Edges)
                Json.Number(w, edge);
            w.WriteEndArray();
        }
        w.WriteEndObject();
    }

    private static void WriteSide(System.Text.Json.Utf8JsonWriter w, string name, SideValues side, bool isVector)
    {
        w.WriteStartObject(name);
        w.WriteNumber("values", side.Values);
        w.WriteNumber(isVector ? "dimensions" : "distinct", side.Distinct);
        if (side.Numbers is { } numbers)
        {
            w.WriteNumber("infinite", side.Infinite);
            Json.Number(w, "mean", numbers.Mean);
            Json.Number(w, "sd", numbers.Sd);
            Json.Number(w, "min", numbers.Min);
            Json.Number(w, "q25", numbers.Quarter);
            Json.Number(w, "median", numbers.Median);
            Json.Number(w, "q75", numbers.ThreeQuarters);
            Json.Number(w, "max", numbers.Max);
        }
        w.WriteEndObject();
    }
}
