using System.Text.Json;
using GpuDiag.Analyses.Compare;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Algebra;
using GpuDiag.Tests.Analyses.Compare;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Golden;

/// <summary>Two models on the same rows against statsmodels, scikit-learn and draws by NumPy (tools/peers/make_compare_golden.py).</summary>
public sealed class CompareGoldenTests : IDisposable
{
    private static readonly JsonElement Golden = JsonDocument.Parse(string.Join("\n", GoldenData.Lines("compare.json"))).RootElement;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void McNemar_IsStatsmodels()
    {
        foreach (JsonElement t in Golden.GetProperty("mcnemar").EnumerateArray())
        {
            long b = t.GetProperty("only_before").GetInt64(), c = t.GetProperty("only_after").GetInt64(), n = t.GetProperty("rows").GetInt64();
            Near(t, "exact_p", McNemar.Exact(b, c));
            Near(t, "corrected_p", McNemar.Corrected(b, c).PValue);
            Near(t, "corrected_statistic", McNemar.Corrected(b, c).Statistic);
            (double low, double high) = PairedDifference.Interval(b, c, n);
            Near(t, "low", low);
            Near(t, "high", high);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Figures_AreThoseOfBothModelsApart(int which)
    {
        JsonElement golden = Golden.GetProperty("tables")[which];
        CompareResult result = Compare(golden);
        long[] table = [.. golden.GetProperty("table").EnumerateArray().Select(v => v.GetInt64())];
        Assert.Equal(new PairTable(table[0], table[1], table[2], table[3]), result.Overall.Table);
        foreach (MetricDelta metric in result.Overall.Metrics)
        {
            Near(golden.GetProperty("before"), metric.Name, metric.Before.Value!.Value);
            Near(golden.GetProperty("after"), metric.Name, metric.After.Value!.Value);
            Assert.Equal(metric.After.Value!.Value - metric.Before.Value!.Value, metric.Delta.Value!.Value, 1e-12);
        }

        Near(golden.GetProperty("test"), "low", result.Overall.Accuracy.Delta.Low!.Value);
        Near(golden.GetProperty("test"), "high", result.Overall.Accuracy.Delta.High!.Value);
        Near(golden.GetProperty("test"), "exact_p", result.Overall.McNemar.ExactPValue);
        Near(golden.GetProperty("test"), "corrected_p", result.Overall.McNemar.CorrectedPValue);
        double n = result.Overall.Table.Rows;
        Assert.Equal(table[1] / n, result.Overall.NegativeFlipRate.Value!.Value, 1e-15);
        Assert.Equal((double)table[0] / (table[0] + table[1]), result.Overall.BackwardTrust.Value!.Value, 1e-15);
        Assert.Equal((double)table[3] / (table[3] + table[1]), result.Overall.ErrorCompatibility.Value!.Value, 1e-15);
    }

    /// <summary>An end from 1,000 replicates has a standard deviation near 0.08 standard errors; 0.3 allows for it.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void Intervals_OfDeltas_AreThoseOfAMultinomial(int which, bool bootstrap)
    {
        JsonElement golden = Golden.GetProperty("tables")[which];
        JointTable table = new([.. golden.GetProperty("cells").EnumerateArray().Select(c => new JointCell(c[0].GetInt32(), c[1].GetInt32(), c[2].GetInt32(), c[3].GetInt64()))]);
        IReadOnlyList<MetricDelta> metrics = new GroupFinish(new MetricNames(false, false, null, false), table.Before.Classes.Length, null, 3).Figures(table, bootstrap, "x").Metrics;
        foreach (JsonProperty low in golden.GetProperty("low").EnumerateObject())
        {
            Estimate delta = metrics.Single(m => m.Name == low.Name).Delta;
            double least = low.Value.GetDouble(), most = golden.GetProperty("high").GetProperty(low.Name).GetDouble();
            double allowed = 0.3 * (most - least) / (2 * Wilson.Z95);
            Assert.InRange(delta.Low!.Value, least - allowed, least + allowed);
            Assert.InRange(delta.High!.Value, most - allowed, most + allowed);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Classes_AreTestedAndMeasuredAlone(int which)
    {
        JsonElement golden = Golden.GetProperty("tables")[which];
        JsonElement[] classes = [.. golden.GetProperty("classes").EnumerateArray()];
        foreach ((JsonElement expected, ClassPair actual) in classes.Zip(Compare(golden).Classes))
        {
            Near(expected, "p", actual.PValue!.Value);
            Near(expected, "q", actual.QValue!.Value);
            Near(expected, "low", actual.Recall.Delta.Low!.Value);
            Near(expected, "high", actual.Recall.Delta.High!.Value);
            foreach (MetricDelta metric in actual.Metrics)
            {
                Assert.Equal(expected.GetProperty(metric.Name)[0].GetDouble(), metric.Before.Value!.Value, 1e-12);
                Assert.Equal(expected.GetProperty(metric.Name)[1].GetDouble(), metric.After.Value!.Value, 1e-12);
                if (expected.TryGetProperty($"{metric.Name}_error", out JsonElement error))
                {
                    // The spread of 20,000 draws is known to half a per cent; the linear approximation, to a few.
                    Assert.Equal(1, (metric.Delta.High!.Value - metric.Delta.Low!.Value) / (2 * Wilson.Z95 * error.GetDouble()), 0.05);
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Scores_AreDeLongsAndThoseOfEachRow(int which)
    {
        JsonElement golden = Golden.GetProperty("scores")[which];
        int[] label = [.. golden.GetProperty("label").EnumerateArray().Select(v => v.GetInt32())];
        CompareResult result = Comparison.Run(new CompareOptions { Before = new ScanOptions { Inputs = [Side("before")], Device = "cpu" }, After = [Side("after")], Scratch = folder.Root }, null, default).Result;
        foreach ((JsonElement expected, DeLongResult actual) in golden.GetProperty("classes").EnumerateArray().Zip(result.DeLong))
        {
            Near(expected, "before", actual.Before.Value!.Value);
            Near(expected, "after", actual.After.Value!.Value);
            Near(expected, "delta", actual.Delta.Value!.Value);
            Near(expected, "error", actual.StandardError!.Value);
            Near(expected, "z", actual.Z!.Value);
            Near(expected, "p", actual.PValue!.Value);
            Assert.True(actual.IsExact);
            MetricDelta average = result.Classes.Single(c => c.Class == actual.Class).Metrics.Single(m => m.Name == "average_precision");
            Near(expected, "average_before", average.Before.Value!.Value);
            Near(expected, "average_after", average.After.Value!.Value);
            ErrorIs(expected.GetProperty("average_error"), average.Delta);
        }

        ErrorIs(golden.GetProperty("macro_average_error"), result.Overall.Metrics.Single(m => m.Name == "average_precision_macro").Delta);
        Estimate macro = result.Overall.Metrics.Single(m => m.Name == "roc_auc_macro").Delta;
        Assert.Equal(1, Error(macro) / golden.GetProperty("macro_auc_error").GetDouble(), 1e-8);

        Assert.Equal(golden.GetProperty("classes").GetArrayLength(), result.DeLong.Count);
        foreach (string name in (string[])["log_loss", "brier", "ece"])
        {
            MetricDelta metric = result.Overall.Metrics.Single(m => m.Name == name);
            JsonElement expected = golden.GetProperty(name);
            Near(expected, "before", metric.Before.Value!.Value);
            Near(expected, "after", metric.After.Value!.Value);
            Near(expected, "delta", metric.Delta.Value!.Value);
            Near(expected, "error", (metric.Delta.High!.Value - metric.Delta.Low!.Value) / (2 * Wilson.Z95));
        }

        string Side(string name)
        {
            int k = golden.GetProperty("classes").GetArrayLength();
            float[] values = [.. golden.GetProperty(name).EnumerateArray().Select(v => v.GetSingle())];
            return CompareFile.Write(folder[$"{name}.parquet"], 110, ("label", label), ("probs", values.Chunk(k).ToArray()));
        }
    }

    /// <summary>By influences row by row; a jackknife and a bootstrap of rows come to the same but for a few per cent.</summary>
    private static void ErrorIs(JsonElement expected, Estimate delta)
    {
        Assert.Equal(1, Error(delta) / expected.GetProperty("error").GetDouble(), 1e-8);
        Assert.Equal(1, Error(delta) / expected.GetProperty("jackknife").GetDouble(), 0.06);
        Assert.Equal(1, Error(delta) / expected.GetProperty("bootstrap").GetDouble(), 0.06);
    }

    private static double Error(Estimate delta) => (delta.High!.Value - delta.Low!.Value) / (2 * Wilson.Z95);

    private static void Near(JsonElement of, string name, double actual)
    {
        double expected = of.GetProperty(name).GetDouble();
        Assert.True(Math.Abs(expected - actual) <= 1e-10 * Math.Max(1e-3, Math.Abs(expected)), $"{name}: {actual:R}, not {expected:R}");
    }

    private CompareResult Compare(JsonElement golden)
    {
        (int Label, int Before, int After)[] rows = [.. golden.GetProperty("cells").EnumerateArray()
            .SelectMany(c => Enumerable.Repeat((c[0].GetInt32(), c[1].GetInt32(), c[2].GetInt32()), c[3].GetInt32()))];
        string path = CompareFile.Write(
            folder["both.parquet"], 700, ("label", rows.Select(r => r.Label).ToArray()), ("v1", rows.Select(r => r.Before).ToArray()), ("v2", rows.Select(r => r.After).ToArray()));
        return Comparison.Run(new CompareOptions { Before = new ScanOptions { Inputs = [path], Device = "cpu" }, PredBefore = "v1", PredAfter = "v2" }, null, default).Result;
    }
}
