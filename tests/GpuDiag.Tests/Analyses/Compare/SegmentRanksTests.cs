using GpuDiag.Analyses.Compare;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Compare;

/// <summary>The change of ROC AUC and average precision per segment is that of a comparison of the segment's rows alone.</summary>
public sealed class SegmentRanksTests : IDisposable
{
    private const int Rows = 500;

    private static readonly string[] Names = ["roc_auc_macro", "average_precision_macro", "roc_auc", "average_precision"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(2, 4)]
    [InlineData(3, 2)]
    public void Segments_ThatAreAskedForAreRankedApart(int classes, int ranked)
    {
        CompareResult result = Compare(classes, _ => true, ["weather"]);
        PairedGroup[] weather = [.. result.Segments.Where(s => s.Column == "weather")];
        Assert.Equal(["fog", "null", "sun"], weather.Select(s => s.Value).Order(StringComparer.Ordinal));
        foreach (PairedGroup segment in weather)
        {
            CompareResult alone = Compare(classes, row => Weather(row) == (segment.IsNull ? null : segment.Value), ["none"]);
            MetricDelta[] mine = Of(segment), theirs = Of(alone.Overall);
            Assert.Equal(ranked, mine.Length);
            Assert.All(mine, m => Assert.NotNull(m.Delta.Low));
            Assert.Equal(theirs, mine);
        }

        // To rank costs as much again for each segmentation, so those that were found are not.
        Assert.All(Compare(classes, _ => true, []).Segments, s => Assert.Empty(Of(s)));
    }

    private static MetricDelta[] Of(PairedGroup group) => [.. group.Metrics.Where(m => Names.Contains(m.Name))];

    private static string? Weather(int row) => row % 11 == 0 ? null : row % 3 == 0 ? "fog" : "sun";

    private CompareResult Compare(int classes, Func<int, bool> keeps, string[] segments)
    {
        int[] rows = [.. Enumerable.Range(0, Rows).Where(keeps)];
        (string, Array)[] shared = [("id", rows), ("label", rows.Select(r => $"c{Label(r, classes)}").ToArray())];
        string before = CompareFile.Write(folder["before.parquet"], 90, [.. shared, ("weather", rows.Select(Weather).ToArray()), ("probs", rows.Select(r => Scores(r, classes, 1)).ToArray())]);
        string after = CompareFile.Write(folder["after.parquet"], 70, [.. shared, ("probs", rows.Select(r => Scores(r, classes, 2)).ToArray())]);
        return Comparison.Run(
            new CompareOptions { Before = new ScanOptions { Inputs = [before], Device = "cpu", Threads = 2, Segments = segments, Classes = [.. Enumerable.Range(0, classes).Select(c => $"c{c}")] }, After = [after], Scratch = folder.Root },
            null,
            default).Result;
    }

    private static int Label(int row, int classes) => row / 5 % classes;

    /// <summary>Sixty-fourths: exact, with ties.</summary>
    private static float[] Scores(int row, int classes, int model)
    {
        Random random = new((row * 7) + model);
        int own = random.Next(8, 64);
        float[] p = new float[classes];
        for (int c = 0; c < classes; c++)
        {
            p[c] = (c == Label(row, classes) ? own : (64 - own) / (classes - 1f)) / 64f;
        }

        return p;
    }
}
