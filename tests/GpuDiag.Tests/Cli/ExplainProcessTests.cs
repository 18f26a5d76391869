using System.Text.Json;
using GpuDiag.Tests.Analyses.Embeddings;

namespace GpuDiag.Tests.Cli;

/// <summary>One row explained, from a scan's files and without them.</summary>
public sealed class ExplainProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gpudiag-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Explain_SaysTheSameFromFilesAndFromAScanOfItsOwn()
    {
        EmbeddingTable table = EmbeddingTable.Random(150, 6, 1);
        table.Add("b", "a", [3.5f, 0, 0, 0, 0, 0]);
        table.Write(Path.Combine(folder, "t.parquet"));
        var fresh = Gpudiag.Run(folder, "explain", "t.parquet", "--row", "r0150", "--format", "json");
        Assert.Equal(0, fresh.Code);
        Assert.Contains("scanning first", fresh.Errors, StringComparison.Ordinal);
        Assert.Equal(0, Gpudiag.Run(folder, "scan", "t.parquet", "--out", "earlier").Code);
        var kept = Gpudiag.Run(folder, "explain", "t.parquet", "--row", "#150", "--scan", "earlier", "--format", "json");
        Assert.Equal((0, "", fresh.Text), (kept.Code, kept.Errors, kept.Text));
        var json = JsonDocument.Parse(fresh.Text).RootElement;
        Assert.Equal("label_error", json.GetProperty("cause").GetString());
        Assert.Equal(10, json.GetProperty("neighbors").GetArrayLength());
        Assert.All(json.GetProperty("neighbors").EnumerateArray(), n => Assert.Equal("a", n.GetProperty("label").GetString()));
    }

    [Fact]
    public void Explain_ShowsNeighboursOfTheTrainingSetToo()
    {
        EmbeddingTable table = EmbeddingTable.Random(150, 6, 1);
        table.Add("b", "a", [3.5f, 0, 0, 0, 0, 0]);
        table.Write(Path.Combine(folder, "t.parquet"));
        EmbeddingTable.Random(90, 6, 2).Write(Path.Combine(folder, "train.parquet"));
        string[] explain = ["explain", "t.parquet", "--train", "train.parquet", "--row", "r0150", "--format", "json"];
        var fresh = Gpudiag.Run(folder, explain);
        Assert.Equal(0, fresh.Code);
        Assert.Equal(0, Gpudiag.Run(folder, "scan", "t.parquet", "--train", "train.parquet", "--out", "earlier").Code);
        var kept = Gpudiag.Run(folder, [.. explain, "--scan", "earlier"]);
        Assert.Equal((0, "", fresh.Text), (kept.Code, kept.Errors, kept.Text));
        var neighbors = JsonDocument.Parse(fresh.Text).RootElement.GetProperty("neighbors").EnumerateArray().Select(n => n.GetProperty("source").GetString()).ToList();
        Assert.Contains(" of 90 rows that the model learnt from", Gpudiag.Run(folder, [.. explain[..^2], "--quiet"]).Text, StringComparison.Ordinal);
        Assert.Equal((10, 10), (neighbors.Count(s => s == "data"), neighbors.Count(s => s == "train")));
        Assert.Contains("no scan of this data", Gpudiag.Run(folder, "explain", "t.parquet", "--train", "t.parquet", "--row", "r0150", "--scan", "earlier").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_ShowsCauseEvidenceAndChange()
    {
        PredictionFile.Write(folder);
        var run = Gpudiag.Run(folder, "explain", "predictions.parquet", "--row", "1000", "--quiet");
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Contains("Row 0, id 1000: labelled cat, predicted dog: wrong", run.Text, StringComparison.Ordinal);
        Assert.Contains("weather=fog", run.Text, StringComparison.Ordinal);
        Assert.All(run.Text.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void ARowThatIsRight_IsExplainedToo()
    {
        PredictionFile.Write(folder);
        var run = Gpudiag.Run(folder, "explain", "predictions.parquet", "--row", "#1", "--quiet");
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Contains(": right", run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--row", "--row ID", "explain", "predictions.parquet")]
    [InlineData("no row has the id '7'", "'#17'", "explain", "predictions.parquet", "--row", "7")]
    [InlineData("no row 400", "row number", "explain", "predictions.parquet", "--row", "#400")]
    [InlineData("no row x", "row number", "explain", "predictions.parquet", "--row", "#x")]
    [InlineData("no scan of this data", "Scan the data again", "explain", "predictions.parquet", "--row", "#1", "--scan", "nowhere")]
    public void WrongInput_IsExitCode2WithWhatToDo(string message, string remedy, params string[] args)
    {
        PredictionFile.Write(folder);
        var run = Gpudiag.Run(folder, args);
        Assert.Equal((2, ""), (run.Code, run.Text));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.Contains(remedy, run.Errors, StringComparison.Ordinal);
    }
}
