using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports;
using GpuDiag.Tests.Columns;
using ParquetSharp;

namespace GpuDiag.Tests.Analyses.Clusters;

/// <summary>A scan of data with an embedding, in which one region is planted where the model fails.</summary>
public sealed class ClusterScanTests : IDisposable
{
    private const int Rows = 1200, Width = 5;
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void PlantedCluster_IsFound_WithItsConfusionAndItsWeather()
    {
        ScanOutcome outcome = Scan([Write("all.parquet", 0, Rows, 300)], 2, "cpu");
        ClusterResult worst = outcome.Result.Clusters![0];
        Assert.Equal(4, outcome.Result.Clusters.Count);
        Assert.Equal((300, 100), (worst.Rows, worst.Errors));
        Assert.Equal(("cat", "dog", 100L), (worst.Dominant!.Label, worst.Dominant.Pred, worst.Dominant.Count));
        Assert.Equal(("weather", "fog"), (worst.OverRepresented[0].Column, worst.OverRepresented[0].Value));
        Assert.InRange(worst.OverRepresented[0].Lift, 2.5, 4);
        ClusterSlice slice = Assert.Single(worst.Slices, s => s.Predicates == "label=cat & weather=fog");
        Assert.Equal((240L, slice.Predicates), (slice.Rows, outcome.Result.Slices!.Slices[slice.Slice].Text));
        Assert.True(slice.Lift > 2 && slice.QValue < 1e-9);
        Assert.Equal(2, worst.Medoid % 4);
        Assert.All(worst.TypicalErrors, row => Assert.True(row % 4 == 2 && row / 4 % 3 == 0));

        Finding finding = Assert.Single(outcome.Result.Findings, f => f.Code == "cluster.underperforms");
        Assert.Equal(("high", 300L), (finding.Severity, finding.Rows));
        Assert.StartsWith($"Cluster {worst.Cluster}: 33.3 % of 300 rows wrong, elsewhere 5.0 %, mostly 'cat' taken for 'dog'", finding.Title, StringComparison.Ordinal);

        RowResult[] rows = [.. outcome.Rows];
        Assert.All(rows.Where(r => r.Row % 4 == 2), r => Assert.Equal(worst.Cluster, r.Cluster));
        Assert.All(rows, r => Assert.True(r.X is not null && r.Y is not null));
        Assert.InRange(outcome.Result.Map!.ExplainedVarianceRatio.Sum(), 0.5, 1);
    }

    [Theory]
    [InlineData(120, 1, 120, 1, "simulator")] // A tile of the simulated search takes seconds.
    [InlineData(Rows, 1, 37, 3, "cpu")]
    [InlineData(Rows, 5, 100, 2, "cpu")]
    public void Clusters_AreTheSameBytes_ForEveryCutThreadCountAndDevice(int rows, int files, int group, int threads, string device)
    {
        string[] parts = [.. Enumerable.Range(0, files).Select(i => Write($"{i}.parquet", i * rows / files, (i + 1) * rows / files, group))];
        Assert.Equal(Summary(Scan([Write("all.parquet", 0, rows, rows)], 2, "cpu")), Summary(Scan(parts, threads, device)));
    }

    private static ScanOutcome Scan(IReadOnlyList<string> files, int threads, string device) =>
        GpuDiag.Analyses.Scan.Scan.Run(
            new ScanOptions { Inputs = files, Threads = threads, Device = device, Segments = ["weather"], Slices = new() { Label = true }, Clusters = 4 }, null, default);

    private static byte[] Summary(ScanOutcome outcome)
    {
        using MemoryStream stream = new();
        SummaryJson.Write(stream, outcome.Result);
        return stream.ToArray();
    }

    /// <summary>Row i lies in region i % 4; region 2 is foggy, and in every third row of it a cat is taken for a dog.</summary>
    private string Write(string name, int from, int to, int group)
    {
        using ParquetFileWriter file = new(
            folder[name], [new Column<string>("label"), new Column<string>("pred"), new Column<string>("weather"), new Column<float[]>("embedding")]);
        for (int start = from; start < to; start += group)
        {
            int[] rows = [.. Enumerable.Range(start, Math.Min(group, to - start))];
            using RowGroupWriter writer = file.AppendRowGroup();
            Put(writer, rows, i => i % 4 == 2 || i % 8 == 0 ? "cat" : "dog");
            Put(writer, rows, i => i % 4 == 2 ? (i / 4 % 3 == 0 ? "dog" : "cat") : (i % 8 == 0) != (i / 4 % 20 == 7) ? "cat" : "dog");
            Put(writer, rows, i => i % 4 == 2 ? (i % 5 == 0 ? "sun" : "fog") : (i % 50 == 0 ? "fog" : "sun"));
            Put(writer, rows, Embedding);
        }

        file.Close();
        return folder[name];
    }

    private static float[] Embedding(int row)
    {
        Random random = new(row);
        return [.. Enumerable.Range(0, Width).Select(d => (d == row % 4 ? 4 : 0) + (float)random.NextDouble())];
    }

    private static void Put<T>(RowGroupWriter writer, int[] rows, Func<int, T> value)
    {
        using LogicalColumnWriter<T> column = writer.NextColumn().LogicalWriter<T>();
        column.WriteBatch([.. rows.Select(value)]);
    }
}
