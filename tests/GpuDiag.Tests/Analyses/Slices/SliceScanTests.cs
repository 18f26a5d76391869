using System.Text.Json;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Slices;
using GpuDiag.Reports;
using GpuDiag.Tests.Columns;
using ParquetSharp;

namespace GpuDiag.Tests.Analyses.Slices;

/// <summary>Scans of small tables with a slice planted, and of tables that are odd.</summary>
public sealed class SliceScanTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void PlantedCombination_IsFound_AndTold()
    {
        ScanResult result = Scan(Write(3000), new SliceOptions());
        SliceResult worst = result.Slices!.Slices[0];
        Assert.Equal("weather=fog & night=true", worst.Text);
        Assert.True(worst is { Level: 2, QValue: < 1e-6 } && worst.ErrorRate.Low > 0.5, worst.ToString());
        Finding finding = Assert.Single(result.Findings, f => f.Code == "slice.underperforms");
        Assert.Equal(("high", worst.Rows), (finding.Severity, finding.Rows));
        Assert.StartsWith("weather=fog & night=true: ", finding.Title, StringComparison.Ordinal);
        Assert.True(finding.Gain.Low > 0.02 && finding.Gain.High < 0.2);
        Assert.Contains("speed", result.Slices.Columns);
        Assert.All(result.Slices.Slices, s => Assert.True(s.Score > 0 && s.Rows >= result.Slices.MinRows));
        Assert.Contains(worst.Folded, f => f.StartsWith("weather=fog & night=true & speed=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 999, 3, "cpu")]
    [InlineData(4, 37, 2, "cpu")]
    [InlineData(1, 3000, 1, "simulator")]
    public void Slices_AreTheSameBytes_ForEveryCutThreadCountAndDevice(int files, int group, int threads, string device)
    {
        foreach (SliceObjective objective in device == "cpu" ? Enum.GetValues<SliceObjective>() : [SliceObjective.Error])
        {
            SliceOptions options = new() { Objective = objective, Label = true, Pred = true, Top = 4 };
            string[] parts = [.. Enumerable.Range(0, files).Select(i => Write(3000, $"{objective}{i}.parquet", i * 3000 / files, (i + 1) * 3000 / files, group))];
            Assert.Equal(Summary(Scan([Write(3000)], options, 1, "cpu")), Summary(Scan(parts, options, threads, device)));
        }
    }

    [Fact]
    public void Objectives_WeighRowsByTheirValue()
    {
        string path = Write(3000);
        SliceSearchResult loss = Scan(path, new SliceOptions { Objective = SliceObjective.Loss, Fold = false }).Slices!;
        SliceSearchResult gap = Scan(path, new SliceOptions { Objective = SliceObjective.Calibration }).Slices!;
        Assert.Equal(("loss", "calibration"), (loss.Objective, gap.Objective));
        Assert.Equal("weather=fog & night=true", gap.Slices[0].Text);

        // A wrong prediction has confidence 0.9 or 0.6, and its true class what is left.
        Assert.InRange(gap.Slices[0].Mean, 0.6 * gap.Slices[0].ErrorRate.Value!.Value, 0.9 * gap.Slices[0].ErrorRate.Value!.Value);
        Assert.True(loss.Slices.Count > 0 && loss.Slices.All(s => s.Mean > loss.Mean && s.Folded.Count == 0));
        Assert.Equal(loss.Mean!.Value, Scan(path, new SliceOptions()).Metrics["log_loss"].Value!.Value, 4);
    }

    [Theory]
    [InlineData(SliceObjective.Loss, "--slice-objective loss needs class probabilities")]
    [InlineData(SliceObjective.Calibration, "--slice-objective calibration needs a confidence")]
    public void Objective_ThatTheDataCannotTell_IsRefused(SliceObjective objective, string message)
    {
        string path = Table("plain.parquet", 40, i => "a", i => i % 2 == 0 ? "a" : "b", i => "x");
        InputException refused = Assert.Throws<InputException>(() => Scan(path, new SliceOptions { Objective = objective }));
        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "as many values as rows")]
    [InlineData(500, "as many values as rows")]
    [InlineData(500, "constant")]
    [InlineData(500, "all right")]
    [InlineData(500, "all wrong")]
    [InlineData(500, "one class")]
    [InlineData(500, "no labels")]
    [InlineData(500, "all missing")]
    public void OddTables_GiveFiguresOrNull(int rows, string kind)
    {
        Func<int, string?> label = kind switch { "one class" => _ => "a", "no labels" => _ => null, "all wrong" => _ => "a", _ => i => i % 2 == 0 ? "a" : "b" };
        Func<int, string?> pred = kind switch { "one class" => _ => "a", "all right" => label, "all wrong" => _ => "b", _ => i => i % 3 == 0 ? "a" : "b" };
        Func<int, string?> value = kind switch { "as many values as rows" => i => $"v{i}", "all missing" => _ => null, _ => _ => "same" };
        string path = Table($"odd{rows}.parquet", rows, label, pred, value);
        ScanResult result = Scan([path], new SliceOptions { MinRows = 1, Level = 0, Label = true }, 2, "cpu", "value");
        using JsonDocument summary = JsonDocument.Parse(Summary(result));
        foreach (JsonElement slice in summary.RootElement.GetProperty("slices").EnumerateArray())
        {
            foreach (string name in (string[])["mean", "score", "p_value", "q_value"])
            {
                Assert.Equal(JsonValueKind.Number, slice.GetProperty(name).ValueKind);
            }

            Assert.True(slice.GetProperty("score").GetDouble() > 0);
        }

        Assert.Equal(JsonValueKind.True, summary.RootElement.GetProperty("slice_search").GetProperty("complete").ValueKind);
    }

    [Fact]
    public void Slices_CanBeLeftOut_AndColumnsOfTooManyValuesAreNamed()
    {
        string path = Table("many.parquet", 500, i => "a", i => i % 3 == 0 ? "a" : "b", i => $"v{i}");
        Assert.Null(Scan(path, new SliceOptions { Top = 0 }).Slices);
        SliceColumnLeftOut left = Assert.Single(Scan(path, new SliceOptions()).Slices!.LeftOut);
        Assert.Equal("value", left.Column);
    }

    [Fact]
    public void ColumnsWhoseSetsDoNotFitTheMemory_AreNamed_WidestFirst()
    {
        // 375 bytes a set: one of errors, 4 of weather, 2 of night, 11 of speed.
        ScanOptions options = new() { Inputs = [Write(3000)], Memory = 3000, Slices = new SliceOptions { Label = false } };
        SliceSearchResult found = GpuDiag.Analyses.Scan.Scan.Run(options, null, default).Result.Slices!;
        Assert.Equal("speed", Assert.Single(found.LeftOut).Column);
        Assert.Equal(("weather=fog & night=true", 6), (found.Slices[0].Text, found.Values));
    }

    private static ScanResult Scan(string path, SliceOptions slices) => Scan([path], slices, 2, "cpu");

    private static ScanResult Scan(IReadOnlyList<string> files, SliceOptions slices, int threads, string device, string? segment = null) =>
        GpuDiag.Analyses.Scan.Scan.Run(
            new ScanOptions { Inputs = files, Slices = slices, Threads = threads, Device = device, Segments = segment is null ? [] : [segment] }, null, default).Result;

    private static byte[] Summary(ScanResult result)
    {
        using MemoryStream stream = new();
        SummaryJson.Write(stream, result);
        return stream.ToArray();
    }

    private string Write(int count) => Write(count, "all.parquet", 0, count, count);

    /// <summary>Fog by night is mostly wrong; fog, and night, hardly more than the rest.</summary>
    private string Write(int count, string name, int from, int to, int group)
    {
        Random random = new(7);
        var rows = Enumerable.Range(0, count).Select(i =>
        {
            string? weather = random.Next(20) == 0 ? null : new[] { "fog", "rain", "sun" }[random.Next(3)];
            bool night = random.Next(4) == 0, wrong = random.Next(100) < (weather == "fog" && night ? 65 : 6);
            string label = random.Next(2) == 0 ? "cat" : "dog", pred = wrong == (label == "cat") ? "dog" : "cat";
            float sure = random.Next(2) == 0 ? 0.9f : 0.6f, cat = pred == "cat" ? sure : 1 - sure;
            return (label, pred, weather, night, speed: random.Next(50) == 0 ? double.NaN : random.NextDouble(), probs: (float[])[cat, 1 - cat]);
        }).ToArray();
        Column[] columns =
        [
            new Column<string>("label"), new Column<string>("pred"), new Column<string?>("weather"), new Column<bool>("night"), new Column<double>("speed"), new Column<float[]>("probs"),
        ];
        using ParquetFileWriter file = new(folder[name], columns);
        for (int start = from; start < to; start += group)
        {
            var part = rows[start..Math.Min(start + group, to)];
            using RowGroupWriter writer = file.AppendRowGroup();
            Put(writer, part.Select(r => r.label));
            Put(writer, part.Select(r => r.pred));
            Put(writer, part.Select(r => r.weather));
            Put(writer, part.Select(r => r.night));
            Put(writer, part.Select(r => r.speed));
            Put(writer, part.Select(r => r.probs));
        }

        file.Close();
        return folder[name];
    }

    private string Table(string name, int count, Func<int, string?> label, Func<int, string?> pred, Func<int, string?> value)
    {
        using ParquetFileWriter file = new(folder[name], [new Column<string?>("label"), new Column<string?>("pred"), new Column<string?>("value")]);
        using (RowGroupWriter writer = file.AppendRowGroup())
        {
            Put(writer, Enumerable.Range(0, count).Select(label));
            Put(writer, Enumerable.Range(0, count).Select(pred));
            Put(writer, Enumerable.Range(0, count).Select(value));
        }

        file.Close();
        return folder[name];
    }

    private static void Put<T>(RowGroupWriter writer, IEnumerable<T> values)
    {
        using LogicalColumnWriter<T> column = writer.NextColumn().LogicalWriter<T>();
        column.WriteBatch([.. values]);
    }
}
