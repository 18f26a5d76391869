using System.Text.Json;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>The sections of summary.json that need an embedding; each is null without one.</summary>
internal static class EmbeddingJson
{
    public static void Write(Json json, ScanResult result)
    {
        Section(json, "duplicates", result.Duplicates, WriteDuplicates);
        Section(json, "outliers", result.Outliers, WriteOutliers);
        Section(json, "neighbors", result.Neighbors, WriteNeighbors);
    }

    private static void Section<T>(Json json, string name, T? result, Action<Json, T> write)
        where T : class
    {
        if (result is null)
        {
            json.Tall.WriteNull(name);
            return;
        }
        json.Tall.WriteStartObject(name);
        write(json, result);
        json.Tall.WriteEndObject();
    }

    private static void WriteDuplicates(Json json, DuplicateResult duplicates)
    {
        var w = json.Tall;
        w.WriteNumber("sets", duplicates.Sets);
        w.WriteNumber("rows", duplicates.Rows);
        w.WriteNumber("exact_rows", duplicates.ExactRows);
        w.WriteNumber("conflicting_sets", duplicates.ConflictingSets);
        w.WriteNumber("leaked_rows", duplicates.LeakedRows);
        Json.Number(w, "near_threshold", duplicates.NearThreshold);
        Json.Number(w, "train_threshold", duplicates.TrainThreshold);
        json.Estimate("accuracy_without_leaks", duplicates.AccuracyWithoutLeaks);
        w.WriteStartObject("metrics_without_leaks");
        foreach (var (name, estimate) in duplicates.MetricsWithoutLeaks)
            json.Estimate(name, estimate);
        w.WriteEndObject();
        w.WriteStartArray("largest");
        foreach (var set in duplicates.Largest)
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteNumber("set", set.Set);
                line.WriteNumber("first_row", set.FirstRow);
                line.WriteNumber("rows", set.Rows);
                line.WriteNumber("train_rows", set.TrainRows);
                line.WriteBoolean("conflicting", set.Conflicting);
                line.WriteBoolean("leaked", set.Leaked);
                line.WriteEndObject();
            });
        }
        w.WriteEndArray();
    }

    private static void WriteOutliers(Json json, OutlierResult outliers)
    {
        var w = json.Tall;
        w.WriteNumber("count", outliers.Count);
        Json.Number(w, "median_distance", outliers.MedianDistance);
        Json.Number(w, "threshold", outliers.Threshold);
        w.WriteNumber("errors", outliers.Errors);
        json.Estimate("accuracy", outliers.Accuracy);
        json.Estimate("accuracy_elsewhere", outliers.AccuracyElsewhere);
        Json.Number(w, "p_value", outliers.PValue);
        json.Line("rows", line => WriteRows(line, outliers.Rows));
    }

    private static void WriteNeighbors(Json json, NeighborResult neighbors)
    {
        var w = json.Tall;
        w.WriteString("embedding", neighbors.Column);
        w.WriteString("metric", neighbors.Metric);
        w.WriteNumber("width", neighbors.Width);
        w.WriteNumber("k", neighbors.K);
        w.WriteNumber("rows", neighbors.Rows);
        Json.Number(w, "label_agreement", neighbors.LabelAgreement);
        Json.Number(w, "pred_agreement", neighbors.PredictionAgreement);
        w.WriteNumber("contradicted", neighbors.Contradicted);
        json.Line("contradicted_rows", line => WriteRows(line, neighbors.ContradictedRows));
        Section(json, "row_order", neighbors.Order, WriteOrder);
    }

    private static void WriteOrder(Json json, RowOrderResult order)
    {
        var w = json.Tall;
        w.WriteNumber("sampled", order.Sampled);
        Json.Number(w, "mean_row_distance", order.MeanRowDistance);
        Json.Number(w, "expected", order.Expected);
        w.WriteNumber("permutations", order.Permutations);
        Json.Number(w, "p_value", order.PValue);
    }

    private static void WriteRows(Utf8JsonWriter w, IReadOnlyList<long> rows)
    {
        w.WriteStartArray();
        foreach (long row in rows)
            w.WriteNumberValue(row);
        w.WriteEndArray();
    }
}
