using System.Text.Json;
using GpuDiag.Tests.Columns;
using GpuDiag.Tests.Scoring;

namespace GpuDiag.Tests.Cli;

/// <summary><c>gpudiag score</c> from outside: a model's predictions, which <c>scan</c> reads.</summary>
public sealed class ScoreProcessTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Predictions_CanBeScanned()
    {
        DigitsModel.Write(folder["d.parquet"], 200);
        var run = Gpudiag.Run(folder.Root, ["score", DigitsModel.Model, "d.parquet", .. DigitsModel.Recipe, "--device", "cpu"]);
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Contains("200 rows scored", run.Text, StringComparison.Ordinal);
        Assert.Contains("Next: gpudiag scan gpudiag-score/predictions --classes gpudiag-score/classes.txt", run.Text, StringComparison.Ordinal);
        Assert.Equal(["classes.txt", "predictions", "run.json", "summary.json"], Directory.GetFileSystemEntries(folder["gpudiag-score"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var summary = JsonDocument.Parse(File.ReadAllBytes(folder["gpudiag-score/summary.json"]));
        Assert.Equal("gpudiag/score/1", summary.RootElement.GetProperty("schema").GetString());
        Assert.False(summary.RootElement.GetProperty("mixes_rows").GetBoolean());
        using var info = JsonDocument.Parse(File.ReadAllBytes(folder["gpudiag-score/run.json"]));
        Assert.Equal("cpu", info.RootElement.GetProperty("device").GetProperty("backend").GetString());

        var scan = Gpudiag.Run(folder.Root, "scan", "gpudiag-score/predictions", "--classes", "gpudiag-score/classes.txt", "--device", "cpu", "--gate", "accuracy>=0.9");
        Assert.Equal(0, scan.Code);
        Assert.Contains("200 rows, 10 classes", scan.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void RecipeInAFile_IsThatOfTheOptions()
    {
        DigitsModel.Write(folder["d.parquet"], 64);
        File.WriteAllText(folder["score.toml"], $"model = '{DigitsModel.Model}'\ndata = 'd.parquet'\nimage-mean = 0.3\nimage-std = \"0.35\"\noutput = ['embedding=vector']\n");
        Assert.Equal(0, Gpudiag.Run(folder.Root, "score", "--config", "score.toml", "--out", "file").Code);
        Assert.Equal(0, Gpudiag.Run(folder.Root, ["score", DigitsModel.Model, "d.parquet", .. DigitsModel.Recipe, "--output", "embedding=vector", "--out", "options"]).Code);
        Assert.Equal(Scored.Parts(folder["options"]), Scored.Parts(folder["file"]));
    }

    [Fact]
    public void WrongUse_IsSaidAndExitsWith2()
    {
        DigitsModel.Write(folder["d.parquet"], 10);
        (string[] Args, string Says)[] cases =
        [
            (["score"], "no model is given"),
            (["score", DigitsModel.Model], "no data is given"),
            (["score", "d.parquet", "d.parquet"], "is no ONNX model"),
            (["score", DigitsModel.Model, "none.parquet"], "no such file"),
            (["score", DigitsModel.Model, "d.parquet", "--device", "opencl"], "models do not run on 'opencl'"),
            (["score", DigitsModel.Model, "d.parquet", "--image-size", "0x5"], "no size in pixels"),
            (["score", DigitsModel.Model, "d.parquet", "--image-size", "9x9"], "a width of 8"),
            (["score", DigitsModel.Model, "d.parquet", "--image-std", "0"], "none of them 0"),
            (["score", DigitsModel.Model, "d.parquet", "--image-mean", "1,2"], "one number or three"),
            (["score", DigitsModel.Model, "d.parquet", "--image-mean", "1,2,3"], "3 numbers for 1 channels"),
            (["score", DigitsModel.Model, "d.parquet", "--image", "slant"], "where column 'slant' has 1"),
        ];
        foreach (var (args, says) in cases)
        {
            var run = Gpudiag.Run(folder.Root, args);
            Assert.Contains(says, run.Errors, StringComparison.Ordinal);
            Assert.Equal((2, ""), (run.Code, run.Text));
            Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(folder["gpudiag-score"]));
    }

    [Fact]
    public void CudaThatIsNotThere_ExitsWith3()
    {
        DigitsModel.Write(folder["d.parquet"], 10);
        var run = Gpudiag.Run(folder.Root, "score", DigitsModel.Model, "d.parquet", "--device", "cuda:7");
        Assert.Equal(3, run.Code);
        Assert.Contains("--device cpu works everywhere", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedImagesThatAreSkipped_ExitWith4()
    {
        byte[]?[] images = [.. DigitsModel.Images];
        images[9] = [0xFF, 0xD8, 0xFF, 0];
        Pictures.Write(folder["d.parquet"], images);
        var run = Gpudiag.Run(folder.Root, ["score", DigitsModel.Model, "d.parquet", .. DigitsModel.Recipe, "--on-error", "skip", "--format", "json"]);
        Assert.Equal(4, run.Code);
        using var json = JsonDocument.Parse(run.Text);
        Assert.Equal(1, json.RootElement.GetProperty("unscored").GetProperty("damaged_image").GetInt32());
    }

    [Fact]
    public void KilledAtAnyMoment_ItGoesOnAndEndsWithTheSameBytes()
    {
        DigitsModel.Write(folder["d.parquet"], 20_000);
        string[] score = ["score", DigitsModel.Model, "d.parquet", .. DigitsModel.Recipe, "--device", "cpu", "--quiet", "--out"];
        Assert.Equal(0, Gpudiag.Run(folder.Root, [.. score, "whole"]).Code);
        var random = new Random(7);
        for (int kill = 0; kill < 5 && !Gpudiag.Kill(folder.Root, TimeSpan.FromMilliseconds(random.Next(200, 900)), [.. score, "killed", "--resume"]); kill++)
        {
        }
        Assert.Equal(0, Gpudiag.Run(folder.Root, [.. score, "killed", "--resume"]).Code);
        Assert.Equal(Scored.Parts(folder["whole"]), Scored.Parts(folder["killed"]));
    }

    [Fact]
    public void KilledBeforeItsPlanIsWritten_ItBeginsAnew()
    {
        DigitsModel.Write(folder["d.parquet"], 10);
        Directory.CreateDirectory(folder["out/predictions.partial"]);
        File.WriteAllText(folder["out/predictions.partial/plan.json.tmp"], "{");
        var run = Gpudiag.Run(folder.Root, ["score", DigitsModel.Model, "d.parquet", .. DigitsModel.Recipe, "--out", "out", "--resume"]);
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Equal(["part-00000.parquet"], Directory.GetFileSystemEntries(folder["out/predictions"]).Select(Path.GetFileName));
    }

    [Fact]
    public void TwoRunsIntoOneFolder_AreKeptApart()
    {
        DigitsModel.Write(folder["d.parquet"], 10);
        Directory.CreateDirectory(folder["out"]);
        using var held = new FileStream(folder["out/.score.lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var run = Gpudiag.Run(folder.Root, ["score", DigitsModel.Model, "d.parquet", .. DigitsModel.Recipe, "--out", "out"]);
        Assert.Equal(2, run.Code);
        Assert.Contains("another run writes into this folder", run.Errors, StringComparison.Ordinal);
    }
}
