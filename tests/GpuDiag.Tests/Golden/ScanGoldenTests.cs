using System.Text.Json.Nodes;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using ParquetSharp;

namespace GpuDiag.Tests.Golden;

/// <summary>From Parquet files to results: every figure that scikit-learn or SciPy gives too.</summary>
public sealed class ScanGoldenTests : IDisposable
{
    private const int MinSupport = 30;

    private const double Exact = 1e-12;

    /// <summary>Confidences are summed on a grid of 2⁻⁴⁰: a mean is off by half a step at most.</summary>
    private const double OfConfidence = 1e-12;

    private readonly string _folder = Directory.CreateTempSubdirectory("gpudiag-golden-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("binary", 1, 1)]
    [InlineData("strings", 1, 1)]
    [InlineData("strings", 3, 2)]
    [InlineData("ties", 1, 1)]
    [InlineData("absent", 1, 1)]
    [InlineData("wide", 2, 2)]
    [InlineData("integers", 1, 1)]
    [InlineData("integers", 4, 2)]
    [InlineData("digits", 1, 1)]
    [InlineData("digits", 2, 2)]
    public void Scan_AgreesWithScikitLearn(string name, int files, int threads)
    {
        var data = GoldenDataset.Load(name);
        var codecs = new[] { Compression.Snappy, Compression.Zstd, Compression.Uncompressed };
        for (var i = 0; i < files; i++)
            data.Write(Path.Combine(_folder, $"{i}.parquet"), i * data.Rows / files, (i + 1) * data.Rows / files, codecs[i % 3], 150);

        var outcome = Scan.Run(
            new ScanOptions
            {
                Inputs = [_folder],
                Label = "label",
                Pred = "pred",
                Confidence = data.HasConfidence ? "confidence" : null,
                Probs = data.HasProbabilities ? ["probs"] : [],
                Classes = name == "absent" ? data.ClassNames : null,
                MinSupport = MinSupport,
                Segments = data.Segments.Length > 0 ? data.Segments : ["none"],
                Device = "cpu",
                Threads = threads,
            },
            progress: null,
            CancellationToken.None);

        var expected = data.Expected;
        Assert.Equal((long)expected["errors"]!, outcome.Rows.LongCount(row => row.Correct == false));
        Assert.Equal((long)expected["rows"]!, outcome.Result.Rows);
        Assert.Equal(data.ClassNames, outcome.Result.ClassNames);
        AssertMetrics(expected["metrics"]!, outcome.Result.Metrics, "");
        AssertEstimate(expected["accuracy"]!, outcome.Result.Metrics["accuracy"], "accuracy");
        AssertClasses(expected["classes"]!.AsArray(), outcome.Result.Classes);
        AssertConfusions(expected["confusions"]!.AsArray(), outcome.Result.Confusions);
        AssertCalibration(expected["calibration"]!, outcome.Result.Calibration, fitted: true, "");
        AssertSegments(expected["segments"]!.AsArray(), outcome.Result.Segments);
    }

    private static void AssertMetrics(JsonNode expected, IReadOnlyDictionary<string, Estimate> actual, string where)
    {
        foreach (var (name, value) in expected.AsObject())
        {
            Assert.True(actual.TryGetValue(name, out var estimate), $"{where} {name} is missing");
            AssertClose((double?)value, estimate.Value, name is "ece" or "mce" ? OfConfidence : Exact, $"{where} {name}");
            Assert.False(estimate.Value < estimate.Low || estimate.Value > estimate.High, $"{where} {name} lies outside its interval");
        }
    }

    private static void AssertClasses(JsonArray expected, IReadOnlyList<ClassResult> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (want, got) in expected.Zip(actual))
        {
            Assert.Equal((string)want!["class"]!, got.Class);
            Assert.Equal((long)want["support"]!, got.Support);
            Assert.Equal((long)want["predicted"]!, got.Predicted);
            AssertEstimate(want["precision"]!, got.Precision, $"precision of {got.Class}");
            AssertEstimate(want["recall"]!, got.Recall, $"recall of {got.Class}");
            AssertClose((double?)want["f1"], got.F1.Value, Exact, $"f1 of {got.Class}");
            AssertClose((double?)want["roc_auc"], got.RocAuc.Value, Exact, $"roc_auc of {got.Class}");
            AssertClose((double?)want["average_precision"], got.AveragePrecision.Value, Exact, $"average_precision of {got.Class}");
        }
    }

    private static void AssertConfusions(JsonArray expected, IReadOnlyList<Confusion> actual) =>
        Assert.Equal(expected.Select(cell => new Confusion((string)cell!["label"]!, (string)cell["pred"]!, (long)cell["count"]!)), actual);

    private static void AssertCalibration(JsonNode expected, CalibrationResult? actual, bool fitted, string where)
    {
        Assert.NotNull(actual);
        AssertClose(fitted ? (double?)expected["temperature"] : null, actual.Temperature, 1e-6, $"{where} temperature");
        foreach (var (want, got) in expected["curve"]!.AsArray().Zip(actual.Curve))
        {
            Assert.Equal((long)want!["rows"]!, got.Rows);
            AssertClose((double?)want["confidence"], got.Confidence, OfConfidence, $"{where} confidence above {got.Low}");
            AssertClose((double?)want["accuracy"], got.Accuracy.Value, Exact, $"{where} accuracy above {got.Low}");
        }
    }

    private static void AssertSegments(JsonArray expected, IReadOnlyList<SegmentResult> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var want in expected)
        {
            var got = Assert.Single(actual, segment => segment.Column == (string)want!["column"]! && segment.Value == (string)want["value"]!);
            var where = $"{got.Column}={got.Value}";
            Assert.Equal((long)want!["rows"]!, got.Rows);
            Assert.Equal((long)want["errors"]!, got.Errors);
            AssertMetrics(want["metrics"]!, got.Metrics, where);
            AssertEstimate(want["accuracy"]!, got.Metrics["accuracy"], $"{where} accuracy");
            AssertCalibration(want["calibration"]!, got.Calibration, fitted: got.Rows >= MinSupport, where);
            // Few rows: neither fitted nor tested. A cell expected below five: Fisher's exact test. Else the pooled z-test.
            var p = got.Rows < MinSupport ? null : (double)want["smallest_expected"]! < 5 ? want["p_value_fisher"] : want["p_value_z"];
            AssertClose((double?)p, got.PValue, 1e-9, $"{where} p_value");
        }
    }

    private static void AssertEstimate(JsonNode expected, Estimate actual, string what)
    {
        AssertClose((double?)expected["value"], actual.Value, Exact, what);
        AssertClose((double?)expected["low"], actual.Low, Exact, $"{what} low");
        AssertClose((double?)expected["high"], actual.High, Exact, $"{what} high");
    }

    private static void AssertClose(double? expected, double? actual, double tolerance, string what)
    {
        var close = expected is { } want && actual is { } got
            ? Math.Abs(want - got) <= tolerance * Math.Max(1, Math.Abs(want))
            : expected is null && actual is null;
        Assert.True(close, $"{what}: expected {expected?.ToString("R", null) ?? "null"}, got {actual?.ToString("R", null) ?? "null"}");
    }
}
