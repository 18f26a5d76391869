using GpuDiag.Engine;
using GpuDiag.Engine.Devices;

namespace GpuDiag.Tests.Engine;

public sealed class DeviceBenchTests
{
    [Theory]
    [InlineData("cpu", 5, 7)]
    [InlineData("simulator", 5, 9)]
    public void EveryLimitAndOperation_IsMeasured(string device, int limits, int figures)
    {
        DeviceBenchResult result = DeviceBench.Run(device, 2, new BenchScale(1 << 12, 500, 20, 1));
        Assert.Equal(device, result.Device);
        Assert.Equal(limits, result.Limits.Count);
        Assert.All(result.Limits, l => Assert.True(l.Value > 0 && double.IsFinite(l.Value)));
        Assert.Equal(figures, result.Figures.Count);
        Assert.Equal(["Count", "HeadGradient", "Intersect", "Neighbors", "Rank", "ScoreRows", "Temper"], result.Figures.Select(f => f.Operation).Distinct().Order());
        Assert.All(result.Figures, f => Assert.True(f.Rows > 0 && f.Seconds > 0 && f.Fraction > 0 && double.IsFinite(f.RowsPerSecond)));
        Assert.All(result.Figures, f => Assert.Contains(f.BoundBy, result.Limits.Select(l => l.Name)));
    }

    [Fact]
    public void AFigure_IsHeldToTheLimitThatAllowsLeast()
    {
        BenchLimit memory = new("memory", 1e9, "B/s"), arithmetic = new("arithmetic", 1e10, "operations/s");
        BenchFigure figure = BenchFigure.Of("Temper", "", 1000, 0.5, (100, memory), (5000, arithmetic));
        Assert.Equal("arithmetic", figure.BoundBy);
        Assert.Equal(1000 * 5000 / 1e10, figure.BoundSeconds, 15);
        Assert.Equal(0.001, figure.Fraction, 15);
        Assert.Equal("memory", BenchFigure.Of("Count", "", 1000, 0.5, (1000, memory), (5000, arithmetic)).BoundBy);
    }
}
