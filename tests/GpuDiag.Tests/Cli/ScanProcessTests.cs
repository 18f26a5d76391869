using System.Text.Json;
using GpuDiag.Reports;
using GpuDiag.Tests.Analyses.Embeddings;
using ParquetSharp;

namespace GpuDiag.Tests.Cli;

/// <summary>The executable from outside: files, streams and exit codes of a scan.</summary>
public sealed class ScanProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gpudiag-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Scan_WritesEveryFileAndASummary()
    {
        PredictionFile.Write(folder);
        var run = Gpudiag.Run(folder, "scan", "predictions.parquet");
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Equal(ReportCatalog.All.Select(r => r.FileName).Append("report.html").Except(["clusters.parquet", "neighbors.parquet", "map.parquet", "curves.parquet", "fit.parquet"]).Order(), Files("gpudiag-out"));
        Assert.Contains("400 rows, 3 classes", run.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Text);
        var summary = Summary("gpudiag-out");
        Assert.Equal(400, summary.GetProperty("rows").GetInt32());
        Assert.Equal(0.85, summary.GetProperty("metrics").GetProperty("accuracy").GetProperty("value").GetDouble());
        using var rows = new ParquetFileReader(Path.Combine(folder, "gpudiag-out", "rows.parquet"));
        Assert.True(rows.FileMetaData.NumRows > 0);
        string run1 = File.ReadAllText(Path.Combine(folder, "gpudiag-out", "run.json"));
        Assert.Contains("\"command\": \"gpudiag scan predictions.parquet\"", run1, StringComparison.Ordinal);
    }

    [Fact]
    public void ScanTwice_GivesTheSameBytesExceptForTheRun()
    {
        PredictionFile.Write(folder);
        Assert.Equal(0, Gpudiag.Run(folder, "scan", "predictions.parquet", "--out", "a", "--threads", "1").Code);
        Assert.Equal(0, Gpudiag.Run(folder, "scan", "predictions.parquet", "--out", "b", "--threads", "3").Code);
        foreach (string file in ReportCatalog.All.Select(r => r.FileName).Append("report.html").Except(["run.json", "clusters.parquet", "neighbors.parquet", "map.parquet", "curves.parquet", "fit.parquet"]))
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "a", file)), File.ReadAllBytes(Path.Combine(folder, "b", file)));
    }

    [Fact]
    public void FormatJson_PutsTheSummaryAloneOnStdout()
    {
        PredictionFile.Write(folder);
        var run = Gpudiag.Run(folder, "scan", "predictions.parquet", "--format", "json", "--gate", "rows>1");
        Assert.Equal(0, run.Code);
        Assert.Equal(File.ReadAllText(Path.Combine(folder, "gpudiag-out", "summary.json")), run.Text);
        Assert.Contains("gate passed: rows>1", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Gates_AreAllJudgedAndAnyFailureIsExitCode1()
    {
        PredictionFile.Write(folder);
        var run = Gpudiag.Run(folder, "scan", "predictions.parquet", "--gate", "accuracy>=0.5", "--gate", "accuracy>=0.95", "--gate", "segments[weather=hail].accuracy>=0", "--gate", "segments[weather=fog].accuracy<0.9");
        Assert.Equal(1, run.Code);
        Assert.Contains("gate passed: accuracy>=0.5", run.Text, StringComparison.Ordinal);
        Assert.Contains("gate FAILED: accuracy>=0.95", run.Text, StringComparison.Ordinal);
        Assert.Contains("there is no segments[weather=hail]", run.Text, StringComparison.Ordinal);
        Assert.Contains("gate passed: segments[weather=fog].accuracy<0.9", run.Text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "gpudiag-out", "summary.json")));
    }

    [Fact]
    public void GatesOnLeaks_AreJudgedWhereThereIsAnEmbeddingAndFailWhereThereIsNone()
    {
        var table = EmbeddingTable.Random(80, 6, 1);
        table.Repeat(3, "a", "a", "test");
        table.Repeat(3, "a", "a", "train");
        table.Write(Path.Combine(folder, "leaky.parquet"));
        var leaky = Gpudiag.Run(folder, "scan", "leaky.parquet", "--k", "5", "--metric", "l2", "--gate", "duplicates.leaked_rows==0", "--gate", "duplicates.accuracy_without_leaks>0");
        Assert.Equal(1, leaky.Code);
        Assert.Contains("gate FAILED: duplicates.leaked_rows==0", leaky.Text, StringComparison.Ordinal);
        Assert.Contains("gate passed: duplicates.accuracy_without_leaks>0", leaky.Text, StringComparison.Ordinal);
        Assert.Contains("neighbors.parquet", Files("gpudiag-out"));

        PredictionFile.Write(folder);
        var plain = Gpudiag.Run(folder, "scan", "predictions.parquet", "--gate", "duplicates.leaked_rows==0");
        Assert.Equal(1, plain.Code);
        Assert.Contains("duplicates is undefined in this data", plain.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("neighbors.parquet", Files("gpudiag-out"));
    }

    [Fact]
    public void Quiet_SaysNothingWhenAllIsWell()
    {
        PredictionFile.Write(folder);
        var run = Gpudiag.Run(folder, "scan", "predictions.parquet", "--quiet", "--gate", "rows>1");
        Assert.Equal((0, "", ""), (run.Code, run.Text, run.Errors));
    }

    [Fact]
    public void Config_CarriesOptions()
    {
        PredictionFile.Write(folder);
        File.WriteAllText(Path.Combine(folder, "job.toml"), "data = 'predictions.parquet'\nout = 'nightly'\nsegment = ['weather']\nquiet = true\n");
        var run = Gpudiag.Run(folder, "scan", "--config", "job.toml");
        Assert.Equal((0, "", ""), (run.Code, run.Text, run.Errors));
        Assert.Equal("weather", Summary("nightly").GetProperty("segments")[0].GetProperty("column").GetString());
    }

    [Fact]
    public void SkippedInput_IsToldAndExitCode4()
    {
        PredictionFile.Write(folder, "a.parquet");
        File.WriteAllText(Path.Combine(folder, "b.parquet"), "PAR1 this is none");
        var strict = Gpudiag.Run(folder, "scan", "a.parquet", "b.parquet");
        Assert.Equal(2, strict.Code);
        Assert.Contains("b.parquet", strict.Errors, StringComparison.Ordinal);
        var run = Gpudiag.Run(folder, "scan", "a.parquet", "b.parquet", "--on-error", "skip");
        Assert.Equal(4, run.Code);
        Assert.Contains("Skipped: ", run.Text, StringComparison.Ordinal);
        Assert.Equal(400, Summary("gpudiag-out").GetProperty("rows").GetInt32());
    }

    [Theory]
    [InlineData("Did you mean --label", "predictions.parquet", "--labl", "x")]
    [InlineData("--label", "predictions.parquet", "--label")]
    [InlineData("nope", "predictions.parquet", "--label", "nope")]
    [InlineData("nope", "predictions.parquet", "--segment", "nope")]
    [InlineData("weather", "predictions.parquet", "--confidence", "weather")]
    [InlineData("label", "predictions.parquet", "--label", "label", "--pred", "label")]
    [InlineData("nothing.parquet", "nothing.parquet")]
    [InlineData("none.parquet", "none.parquet")]
    [InlineData("text.parquet", "text.parquet")]
    [InlineData("empty.parquet", "empty.parquet")]
    [InlineData("rowless.parquet", "rowless.parquet")]
    [InlineData("cut.parquet", "cut.parquet")]
    [InlineData("other.parquet", "predictions.parquet", "other.parquet")]
    [InlineData("folder", "folder")]
    [InlineData("*.nothing", "*.nothing")]
    [InlineData("mars", "predictions.parquet", "--device", "mars")]
    [InlineData("^", "predictions.parquet", "--gate", "accuracy => 1")]
    [InlineData("wolf", "predictions.parquet", "--positive", "wolf")]
    [InlineData("names.txt", "predictions.parquet", "--classes", "names.txt")]
    public void WrongInput_IsExitCode2WithWhatAndWhereAndLeavesEarlierResults(string named, params string[] args)
    {
        byte[] good = File.ReadAllBytes(PredictionFile.Write(folder));
        File.WriteAllBytes(Path.Combine(folder, "cut.parquet"), good[..(good.Length / 2)]);
        File.WriteAllBytes(Path.Combine(folder, "empty.parquet"), []);
        File.WriteAllText(Path.Combine(folder, "text.parquet"), "label,pred\na,b\n");
        File.WriteAllText(Path.Combine(folder, "names.txt"), "cat\n\ndog\n");
        PredictionFile.WriteOnly(folder, "other.parquet", "label", 5);
        PredictionFile.WriteOnly(folder, "none.parquet", "something", 5);
        PredictionFile.Write(folder, "rowless.parquet", rows: 0);
        Directory.CreateDirectory(Path.Combine(folder, "folder"));
        Directory.CreateDirectory(Path.Combine(folder, "gpudiag-out"));
        File.WriteAllText(Path.Combine(folder, "gpudiag-out", "summary.json"), "earlier");

        var run = Gpudiag.Run(folder, ["scan", .. args]);

        Assert.Equal((2, ""), (run.Code, run.Text));
        Assert.StartsWith("gpudiag: error: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains(named, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.True(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length >= 2, run.Errors);
        Assert.Equal(["summary.json"], Files("gpudiag-out"));
        Assert.Equal("earlier", File.ReadAllText(Path.Combine(folder, "gpudiag-out", "summary.json")));
    }

    [Fact]
    public void OutputThatCannotBeWritten_IsToldBeforeTheScan()
    {
        PredictionFile.Write(folder);
        File.WriteAllText(Path.Combine(folder, "file"), "mine");
        var run = Gpudiag.Run(folder, "scan", "predictions.parquet", "--out", "file/below");
        Assert.Equal(2, run.Code);
        Assert.Contains("choose another place with --out", run.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Verbose_ShowsWhereAnErrorArose()
    {
        var run = Gpudiag.Run(folder, "scan", "nothing.parquet", "--verbose");
        Assert.Equal(2, run.Code);
        Assert.Contains("   at GpuDiag.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void AbsentDevice_IsExitCode3()
    {
        PredictionFile.Write(folder);
        var run = Gpudiag.Run(folder, "scan", "predictions.parquet", "--device", "cuda:99");
        Assert.Equal(3, run.Code);
        Assert.False(Directory.Exists(Path.Combine(folder, "gpudiag-out")));
    }

    private IEnumerable<string?> Files(string name) => Directory.GetFileSystemEntries(Path.Combine(folder, name)).Select(Path.GetFileName).Order();

    private JsonElement Summary(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, name, "summary.json"))).RootElement;
}
