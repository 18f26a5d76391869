using System.Text.Json;
using GpuDiag.Analyses.Drift;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Algebra;

namespace GpuDiag.Tests.Golden;

/// <summary>Statistics of <c>gpudiag drift</c> against SciPy (tools/peers/make_drift_golden.py).</summary>
public sealed class DriftGoldenTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(string.Join("\n", GoldenData.Lines("drift.json"))).RootElement;

    public static TheoryData<string> Numbers => [.. Names("numbers")];

    public static TheoryData<string> Categories => [.. Names("categories")];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Numbers_AreScipys(string name)
    {
        JsonElement expected = Case("numbers", name);
        NumberComparison actual = new(Histogram(expected.GetProperty("reference")), Histogram(expected.GetProperty("current")));
        Near(expected, "ks", actual.Ksd);
        Near(expected, "p_value", actual.PValue, 1e-9);
        Near(expected, "wasserstein", actual.Wasserstein);
        Near(expected, "sd", actual.Reference.Sd);
        Near(expected, "psi", actual.StabilityIndex);
        Near(expected, "jensen_shannon", actual.JensenShannon);
        Assert.Equal(expected.GetProperty("edges").EnumerateArray().Select(e => e.GetDouble()), actual.Edges);
        Assert.True(actual.IsExact);
        Assert.Equal((0, 0), (actual.KsBound, actual.WassersteinBound));
    }

    /// <summary>Cut to few leading bits, statistics move by no more than the stated bound, and the bound is not idle.</summary>
    [Theory]
    [MemberData(nameof(Numbers))]
    public void CoarseNumbers_KeepTheirBounds(string name)
    {
        JsonElement expected = Case("numbers", name);
        foreach (int bits in (int[])[12, 13, 15, 18, 24])
        {
            NumberComparison actual = new(Histogram(expected.GetProperty("reference")).Shortened(bits), Histogram(expected.GetProperty("current")));
            double ks = expected.GetProperty("ks").GetDouble(), w1 = expected.GetProperty("wasserstein").GetDouble();
            Assert.InRange(ks, actual.Ksd - 1e-12, actual.Ksd + actual.KsBound + 1e-12);
            Assert.InRange(w1, actual.Wasserstein - actual.WassersteinBound - 1e-9, actual.Wasserstein + actual.WassersteinBound + 1e-9);
            Assert.True(actual.KsBound <= 1);
        }
    }

    [Theory]
    [MemberData(nameof(Categories))]
    public void Categories_AreScipys(string name)
    {
        JsonElement expected = Case("categories", name);
        CategoryComparison actual = new(Counts(expected.GetProperty("reference")), Counts(expected.GetProperty("current")));
        Near(expected, "chi2", actual.ChiSquared);
        Near(expected, "p_value", actual.PValue, 1e-10);
        Near(expected, "cramers_v", actual.CramersV);
        Near(expected, "jensen_shannon", actual.JensenShannon);
        Assert.Equal(expected.GetProperty("dof").GetInt32(), actual.Degrees);
        Assert.Equal(0, actual.Pooled);
    }

    [Fact]
    public void RareValues_ArePooledForTheTestAlone()
    {
        Dictionary<string, long> a = new() { ["a"] = 500, ["b"] = 480, ["c"] = 1, ["d"] = 2 }, b = new() { ["a"] = 480, ["b"] = 500, ["d"] = 1, ["e"] = 3 };
        CategoryComparison actual = new(a, b);
        // c, d and e have 1, 3 and 3 rows: 7 together, 3.5 expected a side, so b joins them.
        Assert.Equal((4, 1), (actual.Pooled, actual.Degrees));
        Assert.Equal(5, actual.Values);
        Assert.Equal((1, 1), (actual.OneSided.New, actual.OneSided.Vanished));
    }

    [Fact]
    public void Tails_AreScipys()
    {
        foreach (JsonElement row in Golden.GetProperty("chi2").EnumerateArray())
        {
            Assert.Equal(1, ChiSquared.Sf(row[0].GetDouble(), row[1].GetDouble()) / row[2].GetDouble(), 1e-9);
        }

        foreach (JsonElement row in Golden.GetProperty("kolmogorov").EnumerateArray())
        {
            Assert.Equal(1, KolmogorovSmirnov.LimitSf(row[0].GetDouble()) / row[1].GetDouble(), 1e-11);
        }

        Assert.Equal(1, ChiSquared.Sf(-1, 3));
        Assert.Equal(0, ChiSquared.Sf(double.PositiveInfinity, 3));
        Assert.True(double.IsNaN(ChiSquared.Sf(1, 0)));
        Assert.Equal(1, KolmogorovSmirnov.PValue(0, 10, 10));
        Assert.Equal(1, KolmogorovSmirnov.PValue(5, 0, 10));
    }

    private static IEnumerable<string> Names(string group) => Golden.GetProperty(group).EnumerateArray().Select(c => c.GetProperty("name").GetString()!);

    private static JsonElement Case(string group, string name) => Golden.GetProperty(group).EnumerateArray().First(c => c.GetProperty("name").GetString() == name);

    private static void Near(JsonElement expected, string name, double actual, double relative = 1e-11)
    {
        double value = expected.GetProperty(name).GetDouble();
        Assert.True(Math.Abs(actual - value) <= relative * Math.Max(Math.Abs(value), 1e-3 * relative), $"{name}: {actual:R}, expected {value:R}");
    }

    private static KeyHistogram Histogram(JsonElement values)
    {
        KeyHistogram histogram = new(NumberTally.MostDistinct);
        foreach (JsonElement value in values.EnumerateArray())
        {
            histogram.Add(value.GetDouble());
        }

        return histogram;
    }

    private static Dictionary<string, long> Counts(JsonElement counts) =>
        counts.EnumerateArray().Select((c, i) => ($"v{i}", c.GetInt64())).ToDictionary(c => c.Item1, c => c.Item2);
}
