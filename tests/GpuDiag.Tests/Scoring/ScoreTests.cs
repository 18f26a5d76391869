using GpuDiag.Scoring;
using GpuDiag.Scoring.Images;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Scoring;

/// <summary>A real net on real pictures gives what its own framework gives, and the same bytes however the work is cut.</summary>
public sealed class ScoreTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static ScoreOptions Digits(string data) => new()
    {
        Model = DigitsModel.Model,
        Inputs = [data],
        Recipe = new ImageRecipe { Mean = [0.3], Std = [0.35] },
    };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Net_GivesWhatPyTorchGives()
    {
        var result = Scored.Run(folder["out"], Digits(DigitsModel.Write(folder["d.parquet"], 64)));
        AssertNear(DigitsModel.Expected("probabilities"), Scored.Lists(folder["out"], "probs"), 1e-5);
        AssertNear(DigitsModel.Expected("embedding"), Scored.Lists(folder["out"], "embedding"), 1e-5);
        Assert.Equal(DigitsModel.Expected("logits").Select(row => DigitsModel.Names[Array.IndexOf(row, row.Max())]), Scored.Texts(folder["out"], "pred"));
        Assert.Equal((64, 0L, 0L, 0L), (result.Rows, result.Missing, result.Damaged, result.Undefined));
        Assert.Equal(DigitsModel.Names, result.Classes);
        Assert.Equal(["logits"], result.Left);
        Assert.Equal(0, result.Mixing);
    }

    [Fact]
    public void Logits_BecomeProbabilities()
    {
        var options = Digits(DigitsModel.Write(folder["d.parquet"], 64)) with { Outputs = ["logits=logits", "probabilities=theirs", "embedding=none"] };
        Scored.Run(folder["out"], options);
        AssertNear(DigitsModel.Expected("probabilities"), Scored.Lists(folder["out"], "probs"), 1e-6);
        AssertNear(DigitsModel.Expected("probabilities"), Scored.Lists(folder["out"], "theirs"), 1e-5);
        Assert.Equal(["id", "label", "slant", "bold", "count", "pred", "probs", "theirs"], Scored.Columns(folder["out"]));
    }

    [Fact]
    public void CarriedColumns_AreTheDatas()
    {
        string data = DigitsModel.Write(folder["d.parquet"], 64);
        Scored.Run(folder["out"], Digits(data) with { PartRows = 50 });
        Assert.Equal(["id", "label", "slant", "bold", "count", "pred", "probs", "embedding"], Scored.Columns(folder["out"]));
        using var source = GpuDiag.Columns.SourceCatalog.Open(data);
        foreach (string column in (string[])["id", "label", "slant", "bold", "count"])
            Assert.Equal(Reading.Texts(source, column), Scored.Texts(folder["out"], column));
        Scored.Run(folder["bytes"], Digits(data) with { Carry = ["image", "id"] });
        Assert.Equal(Reading.Texts(source, "image"), Scored.Texts(folder["bytes"], "image"));
        Scored.Run(folder["none"], Digits(data) with { Carry = ["none"] });
        Assert.Equal(["pred", "probs", "embedding"], Scored.Columns(folder["none"]));
    }

    [Fact]
    public void Result_IsTheSameBytesForAnyWorkersBatchAndCut()
    {
        const int rows = 700;
        string whole = DigitsModel.Write(folder["whole.parquet"], rows);
        string cut = DigitsModel.Write(folder["cut.parquet"], rows, 1, 300, 7, 0, 392);
        var options = Digits(whole) with { PartRows = 256, Threads = 1 };
        Scored.Run(folder["first"], options);
        var expected = Scored.Parts(folder["first"]);
        Assert.Equal(["part-00000.parquet", "part-00001.parquet", "part-00002.parquet"], expected.Select(p => p.Split(' ')[0]));
        ScoreOptions[] others =
        [
            options with { Threads = 3 },
            options with { Inputs = [cut], Threads = 2 },
            options with { Batch = 1 },
            options with { Batch = 7, Threads = 2 },
            options with { Batch = 256 },
            options with { Batch = 1000, Inputs = [cut] },
        ];
        for (int i = 0; i < others.Length; i++)
        {
            Scored.Run(folder[$"other{i}"], others[i]);
            Assert.Equal(expected, Scored.Parts(folder[$"other{i}"]));
        }
    }

    [Fact]
    public void StoppedRun_GoesOnAndEndsWithTheSameBytes()
    {
        var options = Digits(DigitsModel.Write(folder["d.parquet"], 700)) with { PartRows = 64, Batch = 16 };
        Scored.Run(folder["whole"], options);
        for (int stop = 0; stop < 6; stop++)
        {
            string place = folder[$"stopped{stop}"];
            Directory.CreateDirectory(place);
            using var cancel = new CancellationTokenSource();
            int reports = 0;
            int limit = 3 + (8 * stop);
            var progress = new Reported(_ =>
            {
                if (Interlocked.Increment(ref reports) == limit)
                    cancel.Cancel();
            });
            Assert.ThrowsAny<OperationCanceledException>(() => Score.Run(options with { Device = "cpu", Threads = 2 }, place, "test", progress, cancel.Token));
            Assert.False(Directory.Exists(Path.Combine(place, "predictions")));
            File.WriteAllText(Path.Combine(place, "predictions.partial", "part-00009.parquet"), "cut off"); // As a kill leaves it.
            var result = Scored.Run(place, options with { Resume = true });
            Assert.Equal(11, result.Parts);
            Assert.True(stop == 0 || result.PartsKept > 0, $"no part was kept after {limit} blocks");
            Assert.Equal(Scored.Parts(folder["whole"]), Scored.Parts(place));
        }
    }

    [Fact]
    public void Resume_RefusesAnotherPlanAndKeepsWhatIsThere()
    {
        var options = Digits(DigitsModel.Write(folder["d.parquet"], 300)) with { PartRows = 64 };
        Stop(options);
        var fault = Assert.Throws<InputException>(() => Scored.Run(folder["out"], options with { Resume = true, Outputs = ["embedding=none"] }));
        Assert.Contains("differs in: outputs", fault.Message, StringComparison.Ordinal);
        DigitsModel.Write(folder["d.parquet"], 301);
        fault = Assert.Throws<InputException>(() => Scored.Run(folder["out"], options with { Resume = true }));
        Assert.Contains("differs in: data", fault.Message, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(folder["out/predictions.partial"], "part-*.parquet"));
        Scored.Run(folder["out"], options);
        Assert.Equal(301, Scored.Texts(folder["out"], "pred").Count);
    }

    [Fact]
    public void DataThatChangesMeanwhile_IsRefused()
    {
        string data = DigitsModel.Write(folder["d.parquet"], 300);
        Directory.CreateDirectory(folder["out"]);
        var progress = new Reported(_ => File.SetLastWriteTimeUtc(data, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc)));
        var fault = Assert.Throws<InputException>(() => Score.Run(Digits(data) with { Device = "cpu" }, folder["out"], "test", progress, CancellationToken.None));
        Assert.Contains("changed while it was read", fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out/predictions"]));
    }

    [Fact]
    public void FailedRun_LeavesEarlierResults()
    {
        var options = Digits(DigitsModel.Write(folder["d.parquet"], 100));
        Scored.Run(folder["out"], options);
        var before = Scored.Parts(folder["out"]);
        byte[][] images = [.. DigitsModel.Images];
        images[40] = [1, 2, 3];
        string damaged = Pictures.Write(folder["x.parquet"], images);
        var fault = Assert.Throws<InputException>(() => Scored.Run(folder["out"], options with { Inputs = [damaged] }));
        Assert.Contains("the image of row 40 is neither PNG", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, Scored.Parts(folder["out"]));
    }

    [Fact]
    public void DamagedAndMissingImages_GetNoPredictionWhenSkipped()
    {
        byte[]?[] images = [.. DigitsModel.Images];
        (images[3], images[5], images[63]) = ([1, 2, 3], null, []);
        var result = Scored.Run(folder["out"], Digits(Pictures.Write(folder["x.parquet"], images)) with { SkipUnreadable = true, Batch = 8 });
        Assert.Equal((1L, 2L), (result.Damaged, result.Missing));
        var pred = Scored.Texts(folder["out"], "pred");
        Assert.Equal([3, 5, 63], Enumerable.Range(0, 64).Where(i => pred[i] is null));
        double[][] probs = Scored.Lists(folder["out"], "probs");
        Assert.Equal([3, 5, 63], Enumerable.Range(0, 64).Where(i => probs[i].All(double.IsNaN)));
        AssertNear([DigitsModel.Expected("probabilities")[4]], [probs[4]], 1e-5);
    }

    [Fact]
    public void PathsAndStructs_AreImagesToo()
    {
        Directory.CreateDirectory(folder["pictures"]);
        for (int i = 0; i < 64; i++)
            File.WriteAllBytes(folder[$"pictures/{i}.png"], DigitsModel.Images[i]);
        string data = Pictures.WritePaths(folder["p.parquet"], [.. Enumerable.Range(0, 64).Select(i => $"pictures/{i}.png")]);
        Scored.Run(folder["beside"], Digits(data));
        AssertNear(DigitsModel.Expected("probabilities"), Scored.Lists(folder["beside"], "probs"), 1e-5);
        string names = Pictures.WritePaths(folder["n.parquet"], [.. Enumerable.Range(0, 64).Select(i => $"{i}.png")]);
        Scored.Run(folder["root"], Digits(names) with { ImageRoot = folder["pictures"] });
        Assert.Equal(Scored.Lists(folder["beside"], "probs"), Scored.Lists(folder["root"], "probs"));
        string outside = Pictures.WritePaths(folder["pictures/o.parquet"], ["../d.parquet"]);
        var fault = Assert.Throws<InputException>(() => Scored.Run(folder["outside"], Digits(outside)));
        Assert.Contains("lies outside", fault.Message, StringComparison.Ordinal);
    }

    private void Stop(ScoreOptions options)
    {
        Directory.CreateDirectory(folder["out"]);
        using var cancel = new CancellationTokenSource();
        int reports = 0;
        var progress = new Reported(_ =>
        {
            if (Interlocked.Increment(ref reports) == 4)
                cancel.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Score.Run(options with { Device = "cpu", Threads = 1 }, folder["out"], "test", progress, cancel.Token));
    }

    private static void AssertNear(double[][] expected, double[][] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int row = 0; row < expected.Length; row++)
        {
            Assert.Equal(expected[row].Length, actual[row].Length);
            for (int k = 0; k < expected[row].Length; k++)
                Assert.Equal(expected[row][k], actual[row][k], tolerance);
        }
    }

    private sealed class Reported(Action<GpuDiag.Analyses.Scan.ScanProgress> report) : IProgress<GpuDiag.Analyses.Scan.ScanProgress>
    {
        public void Report(GpuDiag.Analyses.Scan.ScanProgress value) => report(value);
    }
}
