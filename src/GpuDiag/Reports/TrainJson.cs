using System.Text.Json;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>The section of summary.json about the training set; null without one.</summary>
internal static class TrainJson
{
    public static void Write(Json json, TrainResult? train)
    {
        var w = json.Tall;
        if (train is null)
        {
            w.WriteNull("train");
            return;
        }
        w.WriteStartObject("train");
        w.WriteNumber("rows", train.Rows);
        w.WriteNumber("labelled", train.Labelled);
        if (train.Embedded is long embedded)
            w.WriteNumber("embedded", embedded);
        else
            w.WriteNull("embedded");
        w.WriteNumber("nan_embedding", train.NanEmbedding);
        w.WriteNumber("zero_embedding", train.ZeroEmbedding);
        json.Line("missing_classes", line => WriteNames(line, train.MissingClasses));
        json.Line("extra_classes", line => WriteNames(line, train.ExtraClasses));
        w.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter w, IReadOnlyList<string> names)
    {
        w.WriteStartArray();
        foreach (string name in names)
            w.WriteStringValue(name);
        w.WriteEndArray();
    }
}
