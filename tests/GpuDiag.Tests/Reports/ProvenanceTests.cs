using System.Text.Json;
using GpuDiag.Analyses.Scan;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Reports;
using GpuDiag.Tests.Cli;
using GpuDiag.Tests.Columns;
using ParquetSharp;

namespace GpuDiag.Tests.Reports;

/// <summary>Every result says which program made it, from what and by which options, and nothing of the machine.</summary>
public sealed class ProvenanceTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Scan_TellsProgramColumnsOptionsAndFiles()
    {
        string path = PredictionFile.Write(folder.Root);
        var told = Told(new ScanOptions
        {
            Inputs = [path],
            Segments = ["weather"],
            MinSupport = 7,
            Classes = ["cat", "dog", "fox"],
            Slices = new() { Level = 2, Label = true },
            Threads = 3,
            Memory = 1 << 28,
            Device = "cpu",
        });
        Assert.Equal("scan", told.GetProperty("command").GetString());
        Assert.Equal(ProgramVersion.Text, told.GetProperty("version").GetString());
        Assert.Contains(told.GetProperty("roles").EnumerateArray(), r => (r.GetProperty("role").GetString(), r.GetProperty("column").GetString(), r.GetProperty("how").GetString()) == ("label", "label", "name"));
        Assert.Equal("""{"classes":["cat","dog","fox"],"min_support":7,"segments":["weather"],"slice_label":true,"slice_level":2}""", told.GetProperty("options").GetRawText());
        Assert.Equal($$"""{"set":"data","file":"predictions.parquet","files":1,"rows":400,"bytes":{{new FileInfo(path).Length}}}""", told.GetProperty("inputs")[0].GetRawText());
        Assert.DoesNotContain(Path.GetFileName(folder.Root), told.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_AreNoOptions()
        => Assert.Equal("{}", Told(new ScanOptions { Inputs = [PredictionFile.Write(folder.Root)] }).GetProperty("options").GetRawText());

    [Fact]
    public void Paths_StandThereByTheirFiles()
    {
        var told = GivenOptions.Of(
            new ScanOptions { Inputs = ["a.parquet"], Probs = [folder["x/probs.npy"]], Classes = [.. Enumerable.Range(0, 2_000).Select(i => $"class {i}")] }, new ScanOptions { Inputs = [] });
        Assert.Equal(["probs.npy"], Assert.IsType<object[]>(told["probs"]));
        Assert.Equal("2000 values", told["classes"]);
        Assert.Equal(2, told.Count);
    }

    [Fact]
    public void EveryKindOfValue_IsTold()
    {
        var told = GivenOptions.Of(
            new ScanOptions { Inputs = [], Bins = [new BinOption("age", 3)], Metric = VectorMetric.L2, AllRows = true, Memory = 5, Slices = new() { Alpha = 0.25, MinRows = 9 } },
            new ScanOptions { Inputs = [] });
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            GivenOptions.Write(writer, told.Values.ToArray());
        Assert.Equal(["all_rows", "bins", "metric", "slice_alpha", "slice_min_rows"], told.Keys);
        Assert.Equal("""[true,[{"column":"age","count":3}],"l2",0.25,9]""", System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <summary>A property whose value does not lie in a field of its own would not be told.</summary>
    [Theory]
    [InlineData(typeof(ScanOptions))]
    [InlineData(typeof(GpuDiag.Analyses.Slices.SliceOptions))]
    [InlineData(typeof(GpuDiag.Analyses.Compare.CompareOptions))]
    [InlineData(typeof(GpuDiag.Analyses.Drift.DriftOptions))]
    [InlineData(typeof(GpuDiag.Analyses.Mining.MineOptions))]
    [InlineData(typeof(GpuDiag.Scoring.Heads.RetrainOptions))]
    public void EveryOption_HasAField(Type options)
        => Assert.All(
            options.GetProperties().Where(p => p.CanWrite),
            p => Assert.NotNull(options.GetField($"<{p.Name}>k__BackingField", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)));

    [Fact]
    public void ManyFiles_AreCountedAfterTheFirst()
    {
        var run = SampleOutcome.Run with { Inputs = [.. Enumerable.Range(0, 1_000).Select(i => new InputFile($"part {i}.parquet", 10, 3))] };
        using var stream = new MemoryStream();
        SummaryJson.Write(stream, SampleOutcome.Result, run);
        var inputs = JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("provenance").GetProperty("inputs");
        Assert.Equal("""{"set":"data","file":null,"files":800,"rows":2400,"bytes":8000}""", inputs[inputs.GetArrayLength() - 1].GetRawText());
    }

    [Fact]
    public void Tables_CarryTheVersion()
    {
        using (var file = File.Create(folder["t.parquet"]))
            new GpuDiag.Reports.Tables.Table<int>().Value("row", i => i).Write(file, [1, 2], default);
        using var table = new ParquetFileReader(folder["t.parquet"]);
        Assert.Equal(ProgramVersion.Text, table.FileMetaData.KeyValueMetadata["gpudiag.version"]);
        Assert.Matches(@"^\d+\.\d+\.\d+", ProgramVersion.Text);
    }

    private static JsonElement Told(ScanOptions options)
    {
        var outcome = Scan.Run(options, null, default);
        using var stream = new MemoryStream();
        SummaryJson.Write(stream, outcome.Result, outcome.Run with { Version = ProgramVersion.Text });
        return JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("provenance");
    }
}
