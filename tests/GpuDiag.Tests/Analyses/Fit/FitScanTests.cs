using System.Text;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports;
using GpuDiag.Tests.Analyses.Embeddings;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Fit;

public sealed class FitScanTests : IDisposable
{
    private readonly TempFolder folder = new();

    [Fact]
    public void Fit_WithoutSplitsIsNotLookedAt() => Assert.Null(new Tally().Add("a", "a", 5).Finish().Fit);

    [Fact]
    public void Fit_ComparesSplitsOverallAndPerClass()
    {
        ScanResult result = Split()
            .Add("a", "a", 980, "train").Add("a", "b", 20, "train").Add("b", "b", 970, "train").Add("b", "a", 30, "train")
            .Add("a", "a", 480, "test").Add("a", "b", 20, "test").Add("b", "b", 300, "test").Add("b", "a", 200, "test")
            .Add("a", "a", 10, "odd").Add("b", "b", 7, [null])
            .Finish(i => i with { Split = 0 });
        FitResult fit = result.Fit!;
        Assert.Equal(FitResult.Overfit, fit.Verdict);
        Assert.Equal([(null, "other", 7L), ("odd", "other", 10L), ("test", "test", 1000L), ("train", "train", 2000L)], fit.Splits.Select(s => (s.Split, s.Kind, s.Rows)));
        Assert.Equal(0.78, fit.Splits[2].Metrics["accuracy"].Value!.Value, 1e-12);
        Assert.Equal(["good", "overfit"], fit.Classes.Select(c => c.Verdict));
        Assert.Equal(0.37, fit.Classes[1].Gap.Value!.Value, 1e-12);
        Assert.Equal(0.195, fit.Reasons.Single(r => r.Name == "gap").Figure.Value!.Value, 1e-12);
        Finding finding = Assert.Single(result.Findings, f => f.Code.StartsWith("fit.", StringComparison.Ordinal));
        Assert.Equal(("fit.overfit", "high"), (finding.Code, finding.Severity));
    }

    [Fact]
    public void Fit_NamesTheClassThatIsOverfitThoughTheModelIsNot()
    {
        Tally tally = Split().Add("rare", "rare", 100, "train").Add("rare", "c0", 60, "val").Add("rare", "rare", 40, "val");
        for (int k = 0; k < 10; k++)
        {
            tally.Add($"c{k}", $"c{k}", 500, "train").Add($"c{k}", $"c{k}", 499, "val").Add($"c{k}", "c0", 1, "val");
        }

        Finding finding = Assert.Single(tally.Finish(i => i with { Split = 0 }).Findings, f => f.Code.StartsWith("fit.", StringComparison.Ordinal));
        Assert.Equal(("fit.overfit", "low", "Overfit in class 'rare', though not over all"), (finding.Code, finding.Severity, finding.Title));
    }

    [Theory]
    [InlineData("one class", FitResult.Good)]
    [InlineData("all right", FitResult.Good)]
    [InlineData("all wrong", FitResult.Underfit)]
    [InlineData("no test", FitResult.CannotTell)]
    [InlineData("nothing evaluated", FitResult.CannotTell)]
    public void Fit_OfOddDataIsSensibleAndWithoutNaN(string data, string verdict)
    {
        Tally tally = data switch
        {
            "one class" => Split().Add("a", "a", 200, "train").Add("a", "a", 200, "test"),
            "all right" => Split().Add("a", "a", 200, "train").Add("b", "b", 200, "train").Add("a", "a", 200, "test").Add("b", "b", 200, "test"),
            "all wrong" => Split().Add("a", "b", 200, "train").Add("b", "a", 200, "train").Add("a", "b", 200, "test").Add("b", "a", 200, "test"),
            "no test" => Split().Add("a", "a", 200, "train").Add("b", "b", 200, "fold"),
            _ => Split().Add("a", null, 200, "train").Add(null, "b", 200, "test"),
        };
        ScanResult result = tally.Finish(i => i with { Split = 0 });
        Assert.Equal(verdict, result.Fit!.Verdict);
        using MemoryStream stream = new();
        SummaryJson.Write(stream, result);
        Assert.DoesNotContain("NaN", Encoding.UTF8.GetString(stream.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_SeesThatNeighboursDoBetter()
    {
        // Vectors tell the classes apart; the model is right in half of the rows of either split.
        Random random = new(5);
        EmbeddingTable table = new();
        for (int i = 0; i < 400; i++)
        {
            int label = i % 3;
            table.Add($"c{label}", $"c{(random.Next(2) == 0 ? label : random.Next(3))}", Vector(random, label), i % 4 == 0 ? "test" : "train");
        }

        FitResult fit = Scan(table).Fit!;
        Assert.Equal(FitResult.Underfit, fit.Verdict);
        Assert.Equal(1, fit.Reasons.Single(r => r.Name == "knn_train_accuracy").Figure.Value);
        Assert.Equal(1, fit.Reasons.Single(r => r.Name == "knn_test_accuracy").Figure.Value);
    }

    [Fact]
    public void Fit_SeesWhatDuplicatesHide()
    {
        // The model knows training rows by heart; half of the test rows are such rows.
        Random random = new(6);
        EmbeddingTable table = new();
        for (int i = 0; i < 300; i++)
        {
            table.Add($"c{i % 3}", $"c{i % 3}", Vector(random, i % 3), "train");
        }

        for (int i = 0; i < 120; i++)
        {
            table.Repeat(2 * i, $"c{2 * i % 3}", $"c{2 * i % 3}", "test");
            table.Add($"c{i % 3}", $"c{(i % 2 == 0 ? i : i + 1) % 3}", Vector(random, i % 3), "test");
        }

        ScanResult result = Scan(table);
        Assert.Equal(FitResult.Memorised, result.Fit!.Verdict);
        Assert.InRange(result.Duplicates!.LeakedRows, 120, 122);
        Assert.Equal(0.25, result.Fit.Reasons.Single(r => r.Name == "gap").Figure.Value!.Value, 1e-12);
        Assert.Equal(0.5, result.Fit.Reasons.Single(r => r.Name == "gap_without_leaks").Figure.Value!.Value, 0.01);
        Assert.Contains("fit.memorised", result.Findings.Select(f => f.Code));
    }

    [Fact]
    public void Fit_TakesPredictionsOfATrainingSetBesideTheData()
    {
        Random random = new(7);
        EmbeddingTable train = new(), test = new();
        for (int i = 0; i < 300; i++)
        {
            train.Add($"c{i % 4}", $"c{i % 4}", Vector(random, i % 4));
            test.Add($"c{i % 3}", $"c{(i % 2 == 0 ? i : i + 1) % 3}", Vector(random, i % 3));
        }

        string beside = train.Write(folder["train.parquet"]);
        ScanResult result = GpuDiag.Analyses.Scan.Scan.Run(
            new ScanOptions { Inputs = [test.Write(folder["test.parquet"])], Train = [beside], Device = "cpu" }, null, default).Result;
        Assert.Equal(FitResult.Overfit, result.Fit!.Verdict);
        Assert.Equal(1, result.Fit.Reasons.Single(r => r.Name == "train_accuracy").Figure.Value);
        Assert.Equal(0.25, result.Fit.Reasons.Single(r => r.Name == "majority_train_accuracy").Figure.Value);
        Assert.Equal(1, result.Fit.Reasons.Single(r => r.Name == "knn_test_accuracy").Figure.Value);
        Assert.Equal([75L, 75L, 75L], result.Fit.Classes.Select(c => c.TrainRows));
    }

    public void Dispose() => folder.Dispose();

    private static Tally Split() => new(false, "split");

    private static float[] Vector(Random random, int label) =>
        [.. Enumerable.Range(0, 6).Select(d => random.NextSingle() + (d == label ? 5 : 0))];

    private ScanResult Scan(EmbeddingTable table) =>
        GpuDiag.Analyses.Scan.Scan.Run(new ScanOptions { Inputs = [table.Write(folder["fit.parquet"])], Device = "cpu" }, null, default).Result;
}
