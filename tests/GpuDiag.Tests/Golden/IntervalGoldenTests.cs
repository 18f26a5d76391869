using System.Text.Json;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Algebra;

namespace GpuDiag.Tests.Golden;

/// <summary>Intervals against brute force by NumPy (tools/peers/make_intervals_golden.py).</summary>
public sealed class IntervalGoldenTests
{
    private static readonly string[] Names =
    [
        "balanced_accuracy", "precision_macro", "recall_macro", "f1_macro", "precision_weighted", "f1_weighted", "cohen_kappa", "matthews_corrcoef",
    ];

    private static readonly JsonElement Golden = JsonDocument.Parse(string.Join("\n", GoldenData.Lines("intervals.json"))).RootElement;

    /// <summary>An end from 1,000 replicates has a standard deviation near 0.08 standard errors; 0.3 allows for it.</summary>
    [Theory]
    [InlineData(true, 0.3)]
    [InlineData(false, 0.3)]
    public void Intervals_OfConfusionStatistics_AreThoseOfAMultinomial(bool bootstrap, double tolerance)
    {
        JsonElement[] tables = [.. Golden.GetProperty("tables").EnumerateArray()];
        foreach (JsonElement table in bootstrap ? [.. tables, Golden.GetProperty("sparse")] : tables)
        {
            MetricSet metrics = new(new MetricNames(false, false, null, false));
            RowMetrics.AddConfusion(metrics, Matrix(table), null, bootstrap ? new ConfusionBootstrap(1, 2, 2) : null);
            foreach (string name in Names)
            {
                double low = table.GetProperty("low").GetProperty(name).GetDouble(), high = table.GetProperty("high").GetProperty(name).GetDouble();
                double allowed = tolerance * (high - low) / (2 * Wilson.Z95);
                Assert.InRange(metrics[name].Low!.Value, low - allowed, low + allowed);
                Assert.InRange(metrics[name].High!.Value, high - allowed, high + allowed);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bootstrap_DoesNotDependOnThreads(bool sparse)
    {
        ConfusionMatrix matrix = Matrix(sparse ? Golden.GetProperty("sparse") : Golden.GetProperty("tables")[1]);
        Assert.Equal(sparse, matrix.Rows <= 8 * matrix.Cells.Length);
        (double, double)[] one = new ConfusionBootstrap(7, 9, 1).Intervals(matrix);
        Assert.Equal(one, new ConfusionBootstrap(7, 9, 3).Intervals(matrix));
        Assert.NotEqual(one, new ConfusionBootstrap(8, 9, 1).Intervals(matrix));
        Assert.NotEqual(one, new ConfusionBootstrap(7, 8, 1).Intervals(matrix));
    }

    [Fact]
    public void RocAuc_ErrorIsDeLongs_AveragePrecisionsThatOfARowBootstrap()
    {
        foreach (JsonElement rows in Golden.GetProperty("scores").EnumerateArray())
        {
            OneVsRest result = Ranked(rows, 64);
            Assert.Equal(rows.GetProperty("roc_auc").GetDouble(), result.RocAuc.Value!.Value, 1e-13);
            Assert.Equal(rows.GetProperty("average_precision").GetDouble(), result.AveragePrecision.Value!.Value, 1e-13);
            Assert.Equal(rows.GetProperty("roc_auc_error").GetDouble(), result.RocAucError, 1e-13);
            Assert.Equal(1, result.AveragePrecisionError / rows.GetProperty("average_precision_error").GetDouble(), 0.05);
        }
    }

    /// <summary>Key prefixes of 12 to 24 bits: the true value is within the bound, and the bound shrinks with the bits.</summary>
    [Fact]
    public void OneVsRest_OfCoarseSlots_KeepsItsBound()
    {
        foreach (JsonElement rows in Golden.GetProperty("scores").EnumerateArray())
        {
            double auc = rows.GetProperty("roc_auc").GetDouble(), average = rows.GetProperty("average_precision").GetDouble();
            double lastAuc = 1, lastAverage = 1;
            foreach (int bits in (int[])[12, 14, 16, 20, 24])
            {
                OneVsRest result = Ranked(rows, bits);
                Assert.InRange(auc, result.RocAuc.Value!.Value - result.RocAuc.Bound!.Value - 1e-15, result.RocAuc.Value.Value + result.RocAuc.Bound.Value + 1e-15);
                Assert.InRange(
                    average,
                    result.AveragePrecision.Value!.Value - result.AveragePrecision.Bound!.Value,
                    result.AveragePrecision.Value.Value + result.AveragePrecision.Bound.Value);
                Assert.InRange(result.RocAuc.Bound.Value, double.Epsilon, lastAuc);
                Assert.InRange(result.AveragePrecision.Bound.Value, double.Epsilon, lastAverage);
                (lastAuc, lastAverage) = (result.RocAuc.Bound.Value, result.AveragePrecision.Bound.Value);
            }

            Assert.InRange(lastAuc, 0, 1e-2);
        }
    }

    private static ConfusionMatrix Matrix(JsonElement table) =>
        new([.. table.GetProperty("cells").EnumerateArray()
            .SelectMany((row, i) => row.EnumerateArray().Select((count, j) => new ClassCell(i, j, count.GetInt64())))
            .Where(c => c.Count > 0)]);

    private static OneVsRest Ranked(JsonElement rows, int bits)
    {
        bool[] positive = [.. rows.GetProperty("label").EnumerateArray().Select(v => v.GetInt32() == 1)];
        ulong[] prefix = [.. rows.GetProperty("score").EnumerateArray().Select(v => ScoreKey.Of(v.GetDouble()) >> (64 - bits))];
        ulong[] keys = [.. prefix.Where((_, i) => positive[i]).Distinct().Order()];
        long[] positives = new long[(2 * keys.Length) + 1], negatives = new long[positives.Length];
        for (int i = 0; i < prefix.Length; i++)
        {
            int at = Array.BinarySearch(keys, prefix[i]);
            (positive[i] ? positives : negatives)[at >= 0 ? (2 * at) + 1 : 2 * ~at]++;
        }

        return OneVsRest.Of(negatives, positives, bits);
    }
}
