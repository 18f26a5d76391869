using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>The section <c>fit</c> of summary.json; null without splits and without a training set.</summary>
internal static class FitJson
{
    public static void Write(Json json, FitResult? fit)
    {
        var w = json.Tall;
        if (fit is null)
        {
            w.WriteNull("fit");
            return;
        }
        w.WriteStartObject("fit");
        w.WriteString("verdict", fit.Verdict);
        w.WriteString("why", fit.Why);
        WriteSplits(json, fit.Splits);
        w.WriteStartArray("reasons");
        foreach (var reason in fit.Reasons)
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteString("name", reason.Name);
                Json.Number(line, "value", reason.Figure.Value);
                Json.Number(line, "low", reason.Figure.Low);
                Json.Number(line, "high", reason.Figure.High);
                line.WriteEndObject();
            });
        }
        w.WriteEndArray();
        w.WriteStartArray("classes");
        foreach (var c in fit.Classes)
            WriteClass(json, c);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    /// <summary>The metrics of each split; null without splits.</summary>
    public static void WriteSplits(Json json, IReadOnlyList<FitSplit>? splits)
    {
        var w = json.Tall;
        if (splits is null)
        {
            w.WriteNull("splits");
            return;
        }
        w.WriteStartArray("splits");
        foreach (var split in splits)
        {
            w.WriteStartObject();
            w.WriteString("split", split.Split);
            w.WriteString("kind", split.Kind);
            w.WriteNumber("rows", split.Rows);
            foreach (var (name, estimate) in split.Metrics)
                json.Estimate(name, estimate);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void WriteClass(Json json, FitClass c) => json.Line(line =>
    {
        line.WriteStartObject();
        line.WriteString("class", c.Class);
        line.WriteString("verdict", c.Verdict);
        line.WriteNumber("train_rows", c.TrainRows);
        line.WritePropertyName("train_recall");
        Json.Write(line, c.TrainRecall);
        line.WriteNumber("test_rows", c.TestRows);
        line.WritePropertyName("test_recall");
        Json.Write(line, c.TestRecall);
        line.WritePropertyName("gap");
        Json.Write(line, c.Gap);
        line.WriteEndObject();
    });
}
