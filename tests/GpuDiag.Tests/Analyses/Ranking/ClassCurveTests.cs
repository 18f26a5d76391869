using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Engine;
using GpuDiag.Tests.Analyses.Scan;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Ranking;

/// <summary>Every point of a curve counts all rows from its threshold up.</summary>
public sealed class ClassCurveTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(40, 10, 64)]
    [InlineData(5000, 1_000_000, 64)]
    [InlineData(5000, 50, 64)]
    [InlineData(5000, 1_000_000, 18)]
    [InlineData(300, 1, 64)]
    public void Points_AreExact(int rows, int distinct, int bits)
    {
        (double Score, bool IsPositive)[] data = Data(rows, distinct);
        IReadOnlyList<CurvePoint> points = Curve(data, bits);
        double p = data.Count(d => d.IsPositive), n = rows - p;
        foreach (CurvePoint point in points)
        {
            double hits = data.Count(d => d.IsPositive && d.Score >= (point.Threshold ?? 2)), alarms = data.Count(d => !d.IsPositive && d.Score >= (point.Threshold ?? 2));
            Assert.Equal(point.Curve == "roc" ? (alarms / n, hits / p) : (hits / p, hits / (hits + alarms)), (point.X, point.Y));
        }

        CurvePoint[] roc = [.. points.Where(c => c.Curve == "roc")], pr = [.. points.Where(c => c.Curve == "pr")];
        Assert.Equal((0, 0, null), (roc[0].X, roc[0].Y, roc[0].Threshold));
        Assert.Equal((1, 1), (roc[^1].X, roc[^1].Y));
        Assert.Equal(1, pr[^1].X);
        Assert.InRange(roc.Length, 2, ClassCurve.Steps + 1);
        Assert.InRange(pr.Length, 1, ClassCurve.Steps + 1);
        Assert.Equal(roc.Select(c => c.X + c.Y).Order(), roc.Select(c => c.X + c.Y));
    }

    [Fact]
    public void WithoutThinning_TheAreaIsTheAuc()
    {
        (double Score, bool IsPositive)[] data = Data(90, 40);
        CurvePoint[] roc = [.. Curve(data, 64).Where(c => c.Curve == "roc")];
        double area = roc.Zip(roc.Skip(1)).Sum(s => (s.Second.X - s.First.X) * (s.Second.Y + s.First.Y) / 2);
        double wins = data.Where(d => d.IsPositive).Sum(a => data.Where(d => !d.IsPositive).Sum(b => a.Score > b.Score ? 1 : a.Score == b.Score ? 0.5 : 0));
        Assert.Equal(wins / data.Count(d => d.IsPositive) / data.Count(d => !d.IsPositive), area, 12);
    }

    [Fact]
    public void OneKindOfRowsAlone_HasNoCurve()
    {
        Assert.Empty(ClassCurve.Of("a", new ScorePartition([5], 64), [0, 0, 0], [0, 3, 0]));
        Assert.Empty(ClassCurve.Of("a", new ScorePartition([], 64), [3], [0]));
    }

    [Theory]
    [InlineData(3, 33, 2, "cpu")]
    [InlineData(1, 200, 1, "simulator")]
    public void Scan_GivesTheSameCurvesForEveryCutThreadCountAndDevice(int files, int group, int threads, string device)
    {
        ScanTable table = new(700, 5);
        string[] parts = [.. Enumerable.Range(0, files).Select(i => table.Write(folder[$"p{i}.parquet"], i * 700 / files, (i + 1) * 700 / files, group))];
        CurvesResult whole = Scan([table.Write(folder["whole.parquet"], 0, 700, 700)], 1, "cpu"), cut = Scan(parts, threads, device);
        Assert.Equal(ScanTable.Classes, whole.Classes);
        Assert.Equal(whole.Points, cut.Points);
        Assert.NotEmpty(whole.Points);
    }

    private static CurvesResult Scan(string[] files, int threads, string device) => GpuDiag.Analyses.Scan.Scan.Run(
        new ScanOptions { Inputs = files, Threads = threads, Device = device, Segments = ["none"] }, null, default).Result.Curves!;

    private static (double Score, bool IsPositive)[] Data(int rows, int distinct)
    {
        Random random = new(rows + distinct);
        return [.. Enumerable.Range(0, rows).Select(i => (Score: random.Next(distinct) / (double)distinct, i)).Select(d => (d.Score, d.i == 0 || (d.i > 1 && random.NextDouble() < 0.2 + (0.6 * d.Score))))];
    }

    private static IReadOnlyList<CurvePoint> Curve((double Score, bool IsPositive)[] data, int bits)
    {
        ulong[] keys = [.. data.Where(d => d.IsPositive).Select(d => ScoreKey.Of(d.Score) >> (64 - bits)).Distinct().Order()];
        ScorePartition partition = new(keys, bits);
        long[] positives = new long[partition.Slots], negatives = new long[partition.Slots];
        foreach ((double score, bool isPositive) in data)
        {
            int at = Array.BinarySearch(keys, ScoreKey.Of(score) >> (64 - bits));
            (isPositive ? positives : negatives)[at >= 0 ? (2 * at) + 1 : 2 * ~at]++;
        }

        return ClassCurve.Of("a", partition, negatives, positives);
    }
}
