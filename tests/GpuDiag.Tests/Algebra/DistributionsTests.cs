using System.Globalization;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Algebra;

public class DistributionsTests
{
    /// <summary>Each function against mpmath, scipy or numpy (tools/peers/make_algebra_golden.py).</summary>
    [Theory]
    [InlineData("normal_sf", 1e-13)]
    [InlineData("normal_quantile", 1e-13)]
    [InlineData("log_gamma", 2e-14)]
    [InlineData("beta", 1e-12)]
    [InlineData("beta_complement", 1e-12)]
    [InlineData("binomial_pmf", 1e-12)]
    [InlineData("binomial_cdf", 1e-12)]
    [InlineData("binomial_sf", 1e-12)]
    [InlineData("binomial_two_sided", 1e-11)]
    [InlineData("wilson_low", 1e-12)]
    [InlineData("wilson_high", 1e-12)]
    [InlineData("two_proportion", 1e-11)]
    [InlineData("percentile", 0.0)]
    public void Function_MatchesTheGoldenValues(string name, double tolerance)
    {
        var lines = GoldenData.Lines("distributions.csv").Select(line => line.Split(',')).Where(parts => parts[0] == name).ToList();
        Assert.NotEmpty(lines);
        foreach (var parts in lines)
        {
            var x = parts[1].Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            var expected = double.Parse(parts[2], CultureInfo.InvariantCulture);
            var actual = Evaluate(name, x);
            var floor = name switch { "log_gamma" => 1.0, "normal_quantile" => 0.01, _ => 0.0 };
            var scale = Math.Max(floor, Math.Abs(expected));
            Assert.True(Math.Abs(actual - expected) <= tolerance * scale, $"{name}({parts[1]}) = {actual:R}, expected {expected:R}, off by {Math.Abs(actual - expected) / scale:E2}");
        }
    }

    [Fact]
    public void Normal_AtTheEdges()
    {
        Assert.Equal(1.0, Normal.Cdf(double.PositiveInfinity));
        Assert.Equal(0.0, Normal.Cdf(double.NegativeInfinity));
        Assert.True(double.IsNaN(Normal.Cdf(double.NaN)));
        Assert.Equal(double.NegativeInfinity, Normal.Quantile(0.0));
        Assert.Equal(double.PositiveInfinity, Normal.Quantile(1.0));
        Assert.Equal(0.0, Normal.Quantile(0.5), 1e-15);
        Assert.True(double.IsNaN(Normal.Quantile(1.5)));
        Assert.True(double.IsNaN(LogGamma.Of(0.0)));
    }

    [Fact]
    public void Binomial_OfManyTrials()
    {
        // At its mean the tail of 10^8 trials is ½ to within a skew of order 1/√n.
        Assert.Equal(0.5, Binomial.Cdf(50_000_000, 100_000_000, 0.5), 1e-4);
        Assert.Equal(1.0, Binomial.Cdf(30_000_000, 100_000_000, 0.3) + Binomial.Sf(30_000_000, 100_000_000, 0.3), 1e-12);
        Assert.Equal(1.0, Enumerable.Range(0, 301).Sum(k => Binomial.Pmf(k, 300, 0.37)), 1e-12);
    }

    [Fact]
    public void Wilson_AtTheEdges()
    {
        Assert.Equal((0.0, 1.0), Wilson.Interval(0, 0));
        Assert.Equal(0.0, Wilson.Interval(0, 20).Low);
        Assert.Equal(1.0, Wilson.Interval(20, 20).High);
    }

    [Fact]
    public void TwoProportion_IsOneWithoutEvidence()
    {
        Assert.Equal(1.0, TwoProportion.PValueLower(0, 0, 5, 10));
        Assert.Equal(1.0, TwoProportion.PValueLower(5, 10, 0, 0));
        Assert.Equal(1.0, TwoProportion.PValueLower(10, 10, 20, 20));
        Assert.Equal(1.0, TwoProportion.PValueLower(0, 10, 0, 20));
    }

    [Fact]
    public void TwoProportion_AnswersForBillionsOfRows()
    {
        Assert.InRange(TwoProportion.PValueLower(3, 4, 2_999_999_000, 3_000_000_000), 0.0, 2e-6);
        Assert.InRange(TwoProportion.PValueLower(899_000_000, 1_000_000_000, 1_800_000_000, 2_000_000_000), 0.0, 1e-300);
    }

    [Fact]
    public void QValues_FollowTheDefinition()
    {
        double[] p = [0.01, 0.04, 0.03, double.NaN, 0.005, 0.03, 1.0];
        Assert.Equal([0.03, 0.048, 0.045, double.NaN, 0.03, 0.045, 1.0], BenjaminiHochberg.QValues(p).Select(q => Math.Round(q, 12)));
        Assert.Empty(BenjaminiHochberg.QValues([]));
    }

    [Fact]
    public void QValues_DoNotDependOnTheOrder()
    {
        var p = Enumerable.Range(0, 500).Select(i => Math.Round(Philox4x32.UnitOpen(Philox4x32.At(1, 2, (ulong)i).First), 2)).ToArray();
        var backwards = BenjaminiHochberg.QValues(p.Reverse().ToArray());
        Assert.Equal(BenjaminiHochberg.QValues(p), backwards.Reverse());
    }

    [Fact]
    public void Percentile_AtTheEdges()
    {
        Assert.True(double.IsNaN(Percentile.OfSorted([], 0.5)));
        Assert.Equal(3.0, Percentile.OfSorted([3.0], 0.975));
    }

    private static double Evaluate(string name, double[] x) => name switch
    {
        "normal_sf" => Normal.Sf(x[0]),
        "normal_quantile" => Normal.Quantile(x[0]),
        "log_gamma" => LogGamma.Of(x[0]),
        "beta" => Beta.Regularized(x[0], x[1], x[2]),
        "beta_complement" => Beta.Complement(x[0], x[1], x[2]),
        "binomial_pmf" => Binomial.Pmf((long)x[0], (long)x[1], x[2]),
        "binomial_cdf" => Binomial.Cdf((long)x[0], (long)x[1], x[2]),
        "binomial_sf" => Binomial.Sf((long)x[0], (long)x[1], x[2]),
        "binomial_two_sided" => Binomial.PValueTwoSided((long)x[0], (long)x[1], x[2]),
        "wilson_low" => Wilson.Interval((long)x[0], (long)x[1]).Low,
        "wilson_high" => Wilson.Interval((long)x[0], (long)x[1]).High,
        "two_proportion" => TwoProportion.PValueLower((long)x[0], (long)x[1], (long)x[2], (long)x[3]),
        "percentile" => Percentile.OfSorted([.. Enumerable.Range(0, 11).Select(i => ElementaryTests.SplitMix(i) / Math.ScaleB(1.0, 64)).Order()], x[0]),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such function"),
    };
}
