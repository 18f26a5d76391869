using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports;
using GpuDiag.Reports.Tables;
using GpuDiag.Tests.Analyses.Embeddings;
using GpuDiag.Tests.Analyses.Scan;
using GpuDiag.Tests.Columns;
using ParquetSharp;
using Column = ParquetSharp.Column;

namespace GpuDiag.Tests.Laws;

/// <summary>The promise, end to end: the same rows give the same bytes however they are cut, read and computed.</summary>
public sealed class ScanLawTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ScanTable table = new(700, 5);

    [Theory]
    [InlineData(1, 700, 1)]
    [InlineData(1, 64, 4)]
    [InlineData(3, 100, 2)]
    [InlineData(7, 33, 3)]
    public void Scan_GivesTheSameBytesForEveryCutAndThreadCount(int files, int group, int threads)
    {
        byte[] whole = Scan([table.Write(folder["whole.parquet"], 0, table.Count, table.Count)], 1, "cpu");
        List<string> parts = [];
        for (int i = 0; i < files; i++)
        {
            parts.Add(table.Write(folder[$"part{i}.parquet"], i * table.Count / files, (i + 1) * table.Count / files, group));
        }

        Assert.Equal(whole, Scan(parts, threads, "cpu"));
    }

    [Fact]
    public void Scan_GivesTheSameBytesOnTheSimulatedGpu()
    {
        string path = table.Write(folder["whole.parquet"], 0, table.Count, 200);
        Assert.Equal(Scan([path], 2, "cpu"), Scan([path], 1, "simulator"));
    }

    [Fact]
    public void Scan_GivesTheSameBytesForEveryCut_WhereTemperaturesStartFromASample()
    {
        // More than 2^21 probabilities: not all rows are in the sample.
        Random random = new(9);
        float[][] probabilities = [.. Enumerable.Range(0, 21_200).Select(r => Row(random, 100, r % 100))];
        Assert.Equal(
            Scan(Write("a", probabilities, [0, 11_000, 21_200], 21_200), 1, "cpu", "site"),
            Scan(Write("b", probabilities, [0, 21_200], 4_001), 3, "cpu", "site"));
    }

    [Fact]
    public void Scan_GivesTheSameRowsForEveryCut()
    {
        string whole = table.Write(folder["whole.parquet"], 0, table.Count, table.Count);
        string cut = table.Write(folder["cut.parquet"], 0, table.Count, 23);
        foreach (bool all in (bool[])[false, true])
        {
            ScanOptions options = new() { Inputs = [whole], MaxRows = 40, AllRows = all };
            Assert.Equal(
                GpuDiag.Analyses.Scan.Scan.Run(options, null, default).Rows.ToArray(),
                GpuDiag.Analyses.Scan.Scan.Run(options with { Inputs = [cut], Threads = 3 }, null, default).Rows.ToArray());
        }
    }

    [Theory]
    [InlineData(240, 1, 300, 2, "cpu")]
    [InlineData(240, 3, 31, 3, "cpu")]
    [InlineData(90, 2, 50, 1, "simulator")] // A tile of the simulated search takes seconds.
    public void Scan_GivesTheSameNeighbourhoodsForEveryCutThreadCountAndDevice(int random, int files, int group, int threads, string device)
    {
        EmbeddingTable rows = EmbeddingTable.Random(random, 6, 9);
        for (int i = 0; i < 30; i++)
        {
            rows.Repeat(i * 3, i % 4 == 0 ? "c" : "a", "b", i % 2 == 0 ? "test" : null, i % 3 == 0 ? 1 : 1.0001f);
        }

        rows.Add("a", "b", null);
        rows.Add("a", "b", new float[6]);
        string whole = rows.Write(folder["whole.parquet"]);
        string[] parts = [.. Enumerable.Range(0, files).Select(i =>
            rows.Write(folder[$"part{i}.parquet"], i * rows.Count / files, (i + 1) * rows.Count / files, group))];
        EmbeddingTable train = EmbeddingTable.Random(50, 6, 10);
        train.CopyFrom(rows, 7, "d");
        train.CopyFrom(rows, 80, null);
        string trainWhole = train.Write(folder["trainwhole.parquet"]);
        string[] trainParts = [train.Write(folder["train0.parquet"], 0, 20, group), train.Write(folder["train1.parquet"], 20, train.Count, group)];
        ScanOptions options = new() { Inputs = [whole], Train = [trainWhole], Threads = 1, Device = "cpu", MaxRows = 100, Neighbors = 4 };
        (byte[] Summary, RowResult[] Rows, RowNeighbor[] Neighbors, byte[] Gallery) expected = Everything(options);
        (byte[] Summary, RowResult[] Rows, RowNeighbor[] Neighbors, byte[] Gallery) actual =
            Everything(options with { Inputs = parts, Train = trainParts, Threads = threads, Device = device });
        Assert.Equal(expected.Summary, actual.Summary);
        Assert.Equal(expected.Rows, actual.Rows);
        Assert.Equal(expected.Neighbors, actual.Neighbors);
        Assert.Equal(expected.Gallery, actual.Gallery);
        Assert.Contains(expected.Rows, r => r is { Leak: true, Row: 7 });
        Assert.Contains(expected.Neighbors, n => n.Source == "train");
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Writes a table of probabilities and three sites as files that end at these rows.</summary>
    private List<string> Write(string name, float[][] probabilities, int[] bounds, int group)
    {
        List<string> files = [];
        for (int f = 0; f + 1 < bounds.Length; f++)
        {
            files.Add(folder[$"{name}{f}.parquet"]);
            Column[] columns = [new Column<int>("label"), new Column<string>("site"), new Column<float[]>("probs")];
            using ParquetFileWriter file = new(files[^1], columns);
            for (int start = bounds[f]; start < bounds[f + 1]; start += group)
            {
                int rows = Math.Min(group, bounds[f + 1] - start);
                using RowGroupWriter writer = file.AppendRowGroup();
                using (LogicalColumnWriter<int> column = writer.NextColumn().LogicalWriter<int>())
                {
                    column.WriteBatch([.. Enumerable.Range(start, rows).Select(r => r % probabilities[0].Length)]);
                }

                using (LogicalColumnWriter<string> column = writer.NextColumn().LogicalWriter<string>())
                {
                    column.WriteBatch([.. Enumerable.Range(start, rows).Select(r => $"s{r % 3}")]);
                }

                using (LogicalColumnWriter<float[]> column = writer.NextColumn().LogicalWriter<float[]>())
                {
                    column.WriteBatch(probabilities.AsSpan(start, rows));
                }
            }

            file.Close();
        }

        return files;
    }

    /// <summary>A row of probabilities whose label's is drawn larger.</summary>
    private static float[] Row(Random random, int classes, int label)
    {
        float[] row = new float[classes];
        float sum = 0;
        for (int k = 0; k < classes; k++)
        {
            float draw = random.NextSingle();
            row[k] = (draw * draw * draw) + (k == label ? 3 * random.NextSingle() : 0);
            sum += row[k];
        }

        return Array.ConvertAll(row, w => w / sum);
    }

    /// <summary>Without what is said of files: another cut into files is another dataset to the check that compares them.</summary>
    private static ScanResult WithoutFiles(ScanResult result) => result with
    {
        Pipeline = new PipelineResult([.. result.Pipeline!.Checks.Where(c => c.Code != "file")]),
        Findings = [.. result.Findings.Where(f => f.Code != "pipeline.file")],
        Actions = [.. result.Actions.Where(a => a.Finding != "pipeline.file")],
    };

    private static (byte[] Summary, RowResult[] Rows, RowNeighbor[] Neighbors, byte[] Gallery) Everything(ScanOptions options)
    {
        ScanOutcome outcome = GpuDiag.Analyses.Scan.Scan.Run(options, null, default);
        using MemoryStream stream = new();
        SummaryJson.Write(stream, WithoutFiles(outcome.Result));
        using MemoryStream gallery = new();
        GalleryTable.Of(outcome.Result.Gallery!.Meta).Write(gallery, outcome.Gallery!, default);
        return (stream.ToArray(), [.. outcome.Rows], [.. outcome.Neighbors!], gallery.ToArray());
    }

    private static byte[] Scan(IReadOnlyList<string> files, int threads, string device, params string[] segments)
    {
        ScanOutcome outcome = GpuDiag.Analyses.Scan.Scan.Run(
            new ScanOptions
            {
                Inputs = files,
                Threads = threads,
                Device = device,
                Segments = segments.Length > 0 ? segments : ["weather", "night", "age", "weather*night", "weather*age*night"],
            },
            null,
            default);
        foreach (var row in outcome.Rows)
        {
            Assert.NotEqual(row.Label, row.Pred);
        }

        using MemoryStream stream = new();
        SummaryJson.Write(stream, outcome.Result);
        return stream.ToArray();
    }
}
