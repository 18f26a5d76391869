using System.Globalization;
using System.Text;
using System.Text.Json;
using GpuDiag.Analyses.Results;
using GpuDiag.Reports;

namespace GpuDiag.Tests.Reports;

public class SummaryJsonTests
{
    [Fact]
    public void Keys_AreThoseOfTheSchema()
    {
        var root = Parse(SampleOutcome.Result);
        Assert.Equal(
            ["schema", "task", "rows", "excluded", "class_names", "class_order", "positive_class", "metrics", "interval_method", "classes", "confusion_count", "confusions",
             "segment_count", "segments", "calibration", "curves", "label_issues", "slices", "slice_search", "clusters", "train", "duplicates", "outliers", "neighbors", "map", "splits", "fit", "pipeline", "causes", "findings", "actions", "gallery", "provenance"],
            root.EnumerateObject().Select(p => p.Name));
        Assert.Equal("gpudiag/summary/1", root.GetProperty("schema").GetString());
        Assert.Equal(["class", "support", "predicted", "precision", "recall", "f1", "roc_auc", "average_precision"],
            root.GetProperty("classes")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(["column", "value", "rows", "errors", "accuracy", "macro_f1", "p_value", "q_value", "f1_macro", "recall_macro", "calibration"],
            root.GetProperty("segments")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(["code", "severity", "title", "evidence", "rows", "gain", "action"],
            root.GetProperty("findings")[0].EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void Values_ReadBackEqual()
    {
        var root = Parse(SampleOutcome.Result);
        Assert.Equal(1.0 / 3, root.GetProperty("metrics").GetProperty("f1_macro").GetProperty("value").GetDouble());
        Assert.Equal(1e-7, root.GetProperty("metrics").GetProperty("roc_auc_macro").GetProperty("bound").GetDouble());
        Assert.False(root.GetProperty("metrics").GetProperty("accuracy").TryGetProperty("bound", out _));
        Assert.Equal(SampleOutcome.OddName, root.GetProperty("class_names")[1].GetString());
        Assert.Equal(75, root.GetProperty("confusions")[0].GetProperty("count").GetInt64());
        Assert.Equal(7, root.GetProperty("excluded").GetProperty("unknown_label").GetInt64());
        Assert.Equal(0.6, root.GetProperty("findings")[0].GetProperty("evidence").GetProperty("accuracy").GetDouble());
    }

    [Fact]
    public void SectionsOfAnEmbedding_HaveTheirKeysAndAreNullWithoutOne()
    {
        var root = Parse(SampleOutcome.Result);
        Assert.Equal(
            ["sets", "rows", "exact_rows", "conflicting_sets", "leaked_rows", "near_threshold", "train_threshold", "accuracy_without_leaks", "metrics_without_leaks", "largest"],
            root.GetProperty("duplicates").EnumerateObject().Select(p => p.Name));
        Assert.Equal(["count", "median_distance", "threshold", "errors", "accuracy", "accuracy_elsewhere", "p_value", "rows"], root.GetProperty("outliers").EnumerateObject().Select(p => p.Name));
        Assert.Equal([5, 2], root.GetProperty("outliers").GetProperty("rows").EnumerateArray().Select(r => r.GetInt32()));
        Assert.Equal(333.25, root.GetProperty("neighbors").GetProperty("row_order").GetProperty("expected").GetDouble());
        var without = Parse(SampleOutcome.Result with { Neighbors = null, Duplicates = null, Outliers = null });
        Assert.All(new[] { "neighbors", "duplicates", "outliers" }, name => Assert.Equal(JsonValueKind.Null, without.GetProperty(name).ValueKind));
    }

    [Fact]
    public void UndefinedAndInfinite_AreNull()
    {
        var metrics = Parse(SampleOutcome.Result).GetProperty("metrics");
        Assert.Equal(JsonValueKind.Null, metrics.GetProperty("average_precision_macro").GetProperty("value").ValueKind);
        Assert.Equal(JsonValueKind.Null, metrics.GetProperty("log_loss").GetProperty("high").ValueKind);
    }

    [Fact]
    public void MissingSegmentValue_IsNullAndTheTextNullIsText()
    {
        var segments = Parse(SampleOutcome.Result).GetProperty("segments");
        Assert.Equal(JsonValueKind.Null, segments[1].GetProperty("value").ValueKind);
        Assert.Equal("null", segments[2].GetProperty("value").GetString());
    }

    [Fact]
    public void Bytes_DoNotDependOnCulture()
    {
        var before = CultureInfo.CurrentCulture;
        byte[] plain = Bytes(SampleOutcome.Result);
        try
        {
            var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            odd.NumberFormat.NumberDecimalSeparator = ",";
            odd.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = odd;
            Assert.Equal(plain, Bytes(SampleOutcome.Result));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        string text = Encoding.UTF8.GetString(plain);
        Assert.DoesNotContain('\r', text);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.Contains("\"accuracy\": {\"value\":0.9,\"low\":0.875,\"high\":0.9125}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void LongListOfSegments_IsCutAndCounted()
    {
        var many = SampleOutcome.Result with
        {
            Segments = [.. Enumerable.Range(0, 300).Select(i => SampleOutcome.Segment("s", $"{i}", 10, 1, null, null))],
        };
        using var stream = new MemoryStream();
        SummaryJson.Write(stream, many, limit: 200);
        var root = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.Equal(300, root.GetProperty("segment_count").GetInt32());
        Assert.Equal(200, root.GetProperty("segments").GetArrayLength());
        Assert.True(root.GetProperty("segments")[99].GetProperty("calibration").TryGetProperty("curve", out _));
        Assert.False(root.GetProperty("segments")[100].GetProperty("calibration").TryGetProperty("curve", out _));
    }

    private static byte[] Bytes(ScanResult result)
    {
        using var stream = new MemoryStream();
        SummaryJson.Write(stream, result);
        return stream.ToArray();
    }

    private static JsonElement Parse(ScanResult result) => JsonDocument.Parse(Bytes(result)).RootElement;
}
