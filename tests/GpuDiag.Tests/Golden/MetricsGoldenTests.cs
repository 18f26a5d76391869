using System.Collections.Concurrent;
using System.Text.Json;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Tests.Algebra;
using GpuDiag.Tests.Analyses;

namespace GpuDiag.Tests.Golden;

/// <summary>Every figure against scikit-learn and SciPy (tools/peers/make_metrics_golden.py).</summary>
public sealed class MetricsGoldenTests
{
    private const double Tolerance = 1e-12;

    private static readonly ConcurrentDictionary<string, (ScanResult Result, JsonElement Golden)> Loaded = [];

    public static TheoryData<string> WithSegments => ["binary", "strings", "ties", "absent", "integers", "digits"];

    public static TheoryData<string> Datasets => ["binary", "strings", "ties", "absent", "wide", "integers", "digits"];

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Metrics_OfAllRows_AreScikitLearns(string name)
    {
        (ScanResult result, JsonElement golden) = Load(name);
        Assert.Equal(golden.GetProperty("class_names").EnumerateArray().Select(c => c.GetString()), result.ClassNames);
        Assert.Equal(result.ClassNames.Count == 2 ? "binary" : "multiclass", result.Task);
        Assert.Equal(golden.GetProperty("rows").GetInt64(), result.Rows);
        SameMetrics(golden, result.Metrics, result.ClassNames.Count == 2);
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Metrics_PerClass_AreScikitLearns(string name)
    {
        (ScanResult result, JsonElement golden) = Load(name);
        JsonElement[] classes = [.. golden.GetProperty("classes").EnumerateArray()];
        Assert.Equal(classes.Length, result.Classes.Count);
        foreach ((JsonElement expected, ClassResult actual) in classes.Zip(result.Classes))
        {
            Assert.Equal(expected.GetProperty("class").GetString(), actual.Class);
            Assert.Equal(expected.GetProperty("support").GetInt64(), actual.Support);
            Assert.Equal(expected.GetProperty("predicted").GetInt64(), actual.Predicted);
            SameEstimate(expected.GetProperty("precision"), actual.Precision);
            SameEstimate(expected.GetProperty("recall"), actual.Recall);
            Same(Number(expected, "f1"), actual.F1.Value, "f1");
            Same(Number(expected, "roc_auc"), actual.RocAuc.Value, "roc_auc");
            Same(Number(expected, "average_precision"), actual.AveragePrecision.Value, "average_precision");
        }
    }

    [Theory]
    [MemberData(nameof(WithSegments))]
    public void Metrics_PerSegment_AreScikitLearnsOfThoseRows(string name)
    {
        (ScanResult result, JsonElement golden) = Load(name);
        JsonElement[] segments = [.. golden.GetProperty("segments").EnumerateArray()];
        Assert.Equal(segments.Length, result.Segments.Count);
        foreach (JsonElement expected in segments)
        {
            string column = expected.GetProperty("column").GetString()!, value = expected.GetProperty("value").GetString()!;
            SegmentResult actual = Assert.Single(result.Segments, s => s.Column == column && s.Value == value);
            Assert.Equal(expected.GetProperty("rows").GetInt64(), actual.Rows);
            Assert.Equal(expected.GetProperty("errors").GetInt64(), actual.Errors);
            SameMetrics(expected, actual.Metrics, result.ClassNames.Count == 2);
            if (expected.TryGetProperty("calibration", out JsonElement calibration))
            {
                SameCalibration(calibration, actual.Calibration!);
            }
        }
    }

    [Theory]
    [MemberData(nameof(WithSegments))]
    public void Segments_PValueIsFishersOrTheZTests(string name)
    {
        (ScanResult result, JsonElement golden) = Load(name);
        foreach (JsonElement expected in golden.GetProperty("segments").EnumerateArray())
        {
            string column = expected.GetProperty("column").GetString()!, value = expected.GetProperty("value").GetString()!;
            SegmentResult actual = Assert.Single(result.Segments, s => s.Column == column && s.Value == value);
            bool few = expected.GetProperty("smallest_expected").GetDouble() < 5;
            double p = expected.GetProperty(few ? "p_value_fisher" : "p_value_z").GetDouble();
            if (actual.Rows < 30)
            {
                Assert.Null(actual.PValue);
                continue;
            }

            Assert.True(Math.Abs(p - actual.PValue!.Value) <= 1e-9 * p, $"{value}: {p} against {actual.PValue}");
        }
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Confusions_AndCalibration_AreTheGoldenOnes(string name)
    {
        (ScanResult result, JsonElement golden) = Load(name);
        Assert.Equal(
            golden.GetProperty("confusions").EnumerateArray()
                .Select(c => new Confusion(c.GetProperty("label").GetString()!, c.GetProperty("pred").GetString()!, c.GetProperty("count").GetInt64())),
            result.Confusions);
        SameCalibration(golden.GetProperty("calibration"), result.Calibration!);
    }

    [Fact]
    public void Metrics_OfCountsBeyond32Bits_AreScikitLearns()
    {
        JsonElement golden = JsonDocument.Parse(string.Join("\n", GoldenData.Lines("metrics_cells.json"))).RootElement;
        long[][] counts = [.. golden.GetProperty("cells").EnumerateArray().Select(row => row.EnumerateArray().Select(c => c.GetInt64()).ToArray())];
        ClassCell[] cells = [.. counts.SelectMany((row, i) => row.Select((count, j) => new ClassCell(i, j, count)))];
        MetricSet metrics = new(new MetricNames(false, false, null, false));
        RowMetrics.AddConfusion(metrics, new ConfusionMatrix(cells), null, null);
        SameMetrics(golden, metrics, false);
    }

    private static (ScanResult Result, JsonElement Golden) Load(string name) => Loaded.GetOrAdd(name, LoadOnce);

    private static (ScanResult Result, JsonElement Golden) LoadOnce(string name)
    {
        JsonElement golden = JsonDocument.Parse(string.Join("\n", GoldenData.Lines($"metrics_{name}.json"))).RootElement;
        PredictionRows rows = PredictionRows.Golden(name, golden.GetProperty("class_names").EnumerateArray().Select(c => c.GetString()!));
        return (ScanFinish.Finish(RowStates.Input(rows)), golden);
    }

    /// <summary>Every golden metric is there with its value, and nothing but these.</summary>
    private static void SameMetrics(JsonElement golden, IReadOnlyDictionary<string, Estimate> actual, bool binary)
    {
        JsonElement metrics = golden.GetProperty("metrics");
        foreach (JsonProperty metric in metrics.EnumerateObject())
        {
            bool onlyOfBinary = metric.Name is "precision" or "recall" or "f1" or "specificity" or "roc_auc" or "average_precision";
            Assert.True(binary || !onlyOfBinary);
            Same(Number(metrics, metric.Name), actual[metric.Name].Value, metric.Name);
            Assert.True(actual[metric.Name].Bound is null or 0);
        }

        Assert.Equal(metrics.EnumerateObject().Count(), actual.Count);
        if (golden.TryGetProperty("accuracy", out JsonElement accuracy))
        {
            SameEstimate(accuracy, actual["accuracy"]);
        }
    }

    private static void SameCalibration(JsonElement golden, CalibrationResult actual)
    {
        Same(Number(golden, "ece"), actual.Ece, "ece");
        Same(Number(golden, "mce"), actual.Mce, "mce");
        double? temperature = Number(golden, "temperature");
        Assert.Equal(temperature is null, actual.Temperature is null);
        Assert.True(temperature is null || Math.Abs(temperature.Value - actual.Temperature!.Value) <= 1e-6 * temperature.Value);
        Assert.Equal(15, actual.Curve.Count);
        foreach ((JsonElement expected, CalibrationBin bin) in golden.GetProperty("curve").EnumerateArray().Zip(actual.Curve))
        {
            Assert.Equal(expected.GetProperty("rows").GetInt64(), bin.Rows);
            Assert.Equal((Number(expected, "low"), Number(expected, "high")), (bin.Low, bin.High));
            Same(Number(expected, "confidence"), bin.Confidence, "confidence");
            Same(Number(expected, "accuracy"), bin.Accuracy.Value, "accuracy");
        }
    }

    private static void SameEstimate(JsonElement expected, Estimate actual)
    {
        Same(Number(expected, "value"), actual.Value, "value");
        Same(Number(expected, "low"), actual.Low, "low");
        Same(Number(expected, "high"), actual.High, "high");
    }

    private static double? Number(JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    private static void Same(double? expected, double? actual, string name)
    {
        Assert.True(expected.HasValue == actual.HasValue, $"{name}: expected {expected}, is {actual}");
        Assert.True(
            expected is null || Math.Abs(expected.Value - actual!.Value) <= Tolerance * Math.Max(1, Math.Abs(expected.Value)),
            $"{name}: expected {expected:R}, is {actual:R}");
    }
}
