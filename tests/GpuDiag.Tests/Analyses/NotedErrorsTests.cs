using GpuDiag.Analyses.Scan;
using GpuDiag.Reports;
using GpuDiag.Tests.Columns;
using ParquetSharp;

namespace GpuDiag.Tests.Analyses;

/// <summary>Errors noted while probabilities are read give the causes that reading them again gives.</summary>
public sealed class NotedErrorsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Causes_AreTheSameAsByReadingAgain(bool segments)
    {
        string path = Write();
        string Told(int most, int threads)
        {
            ScanOptions options = new() { Inputs = [path], Segments = segments ? ["weather", "weather*slant"] : ["none"], Threads = threads, NotedErrors = most, MinSupport = 5 };
            var outcome = GpuDiag.Analyses.Scan.Scan.Run(options, null, default);
            using var stream = new MemoryStream();
            SummaryJson.Write(stream, outcome.Result, outcome.Run with { Inputs = [] });
            return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + string.Join('\n', outcome.Rows);
        }

        string again = Told(0, 1);
        Assert.Contains("\"ambiguous\"", again, StringComparison.Ordinal);
        Assert.Equal(again, Told(NotedErrors.Most, 1));
        Assert.Equal(again, Told(NotedErrors.Most, 4));
        Assert.Equal(again, Told(100, 2));
    }

    [Fact]
    public void MoreThanTheMost_AreNotHeld()
    {
        NotedErrors whole = new(0);
        whole.Merge(whole.Part());
        Assert.True(whole.IsComplete);
        Assert.Equal((0, 0), (whole.Rows.Count, whole.FirstFrom(5)));
        whole.Drop();
        whole.Merge(whole.Part());
        Assert.False(whole.IsComplete);
    }

    private string Write()
    {
        const int rows = 3000;
        Random random = new(5);
        string path = folder["p.parquet"];
        string[] names = ["a", "b", "c"];
        float[][] probs = new float[rows][];
        string[] label = new string[rows], weather = new string[rows], slant = new string[rows];
        for (int i = 0; i < rows; i++)
        {
            float x = random.NextSingle(), y = (1 - x) * random.NextSingle();
            probs[i] = [x, y, 1 - x - y];
            weather[i] = random.Next(4) == 0 ? "fog" : "sun";
            slant[i] = random.Next(2) == 0 ? "left" : "right";
            label[i] = names[random.Next(weather[i] == "fog" ? 2 : 5) == 0 ? random.Next(3) : Array.IndexOf(probs[i], probs[i].Max())];
        }

        using ParquetFileWriter file = new(path, [new Column<string>("label"), new Column<float[]>("probs"), new Column<string>("weather"), new Column<string>("slant")]);
        for (int from = 0; from < rows; from += 1000)
        {
            using RowGroupWriter group = file.AppendRowGroup();
            using (var column = group.NextColumn().LogicalWriter<string>())
                column.WriteBatch(label[from..(from + 1000)]);
            using (var column = group.NextColumn().LogicalWriter<float[]>())
                column.WriteBatch(probs[from..(from + 1000)]);
            using (var column = group.NextColumn().LogicalWriter<string>())
                column.WriteBatch(weather[from..(from + 1000)]);
            using (var column = group.NextColumn().LogicalWriter<string>())
                column.WriteBatch(slant[from..(from + 1000)]);
        }

        file.Close();
        return path;
    }
}
