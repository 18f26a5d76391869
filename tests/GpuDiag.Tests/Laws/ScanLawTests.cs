using GpuDiag.Analyses.Scan;
using GpuDiag.Reports;
using GpuDiag.Tests.Analyses.Scan;
using GpuDiag.Tests.Columns;

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

    public void Dispose() => folder.Dispose();

    private static byte[] Scan(IReadOnlyList<string> files, int threads, string device)
    {
        ScanOutcome outcome = GpuDiag.Analyses.Scan.Scan.Run(
            new ScanOptions
            {
                Inputs = files,
                Threads = threads,
                Device = device,
                Segments = ["weather", "night", "age", "weather*night", "weather*age*night"],
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
