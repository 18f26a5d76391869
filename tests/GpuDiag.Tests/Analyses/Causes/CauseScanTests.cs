using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Tests.Analyses.Embeddings;
using GpuDiag.Tests.Analyses.Scan;
using GpuDiag.Tests.Columns;
using ParquetSharp;

namespace GpuDiag.Tests.Analyses.Causes;

/// <summary>Every error has one cause, and a planted cause is found.</summary>
public sealed class CauseScanTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Causes_AddUpToTheErrors_OfAllOfEachClassAndOfEachColumn(int seed, bool probabilities)
    {
        ScanTable table = new(400, seed);
        ScanOutcome outcome = Run(table.Write(folder["t.parquet"], 0, table.Count, 150, probabilities), o => o with { AllRows = true });
        CauseResult causes = outcome.Result.Causes!;
        long errors = outcome.Result.Confusions.Sum(c => c.Count);
        Assert.Equal(errors, causes.Errors);
        Assert.Equal(errors, causes.Causes.Sum(c => c.Errors));
        foreach (IGrouping<(string Group, string? Column), CauseGroup> parts in causes.Groups.Where(g => g.Group != "slice").GroupBy(g => (g.Group, g.Column)))
        {
            Assert.Equal(causes.Causes.Select(c => c.Errors), causes.Causes.Select((_, c) => parts.Sum(p => p.Counts[c])));
        }

        Assert.Equal(["class", "segment"], causes.Groups.Select(g => g.Group).Distinct().Take(2));
        Assert.Equal(
            causes.Causes.Where(c => c.Errors > 0).Select(c => (c.Cause, c.Errors)),
            causes.Causes.Where(c => c.Errors > 0).Select(c => (c.Cause, outcome.Rows.LongCount(r => r.Cause == c.Cause))));
        Assert.All(outcome.Rows, r => Assert.Equal(r.Correct == false, r.Cause is not null));
    }

    [Fact]
    public void Evidence_ListsAllThatARowShows_AndTheFirstIsTheCause()
    {
        EmbeddingTable table = Clean();
        table.Repeat(0, "b", "a");
        ScanOutcome outcome = Run(table.Write(folder["t.parquet"]));
        RowResult row = Assert.Single(outcome.Rows, r => r.Row == table.Count - 1);
        Assert.Equal(("duplicate_conflict", "duplicate_conflict,label_error"), (row.Cause, row.Evidence));
    }

    [Fact]
    public void ARowThatNeighboursContradict_HasAWrongLabel()
    {
        EmbeddingTable table = Clean();
        table.Add("b", "a", Near(0)); // Among a's, predicted a, labelled b.
        Assert.Equal("label_error", CauseOfLast(table));
    }

    [Fact]
    public void ARowWhoseDuplicateHasAnotherLabel_IsAConflict()
    {
        EmbeddingTable table = Clean();
        table.Repeat(0, "b", "a");
        Assert.Equal("duplicate_conflict", CauseOfLast(table));
    }

    [Fact]
    public void ARowFarFromAll_IsOutOfDistribution()
    {
        EmbeddingTable table = Clean();
        table.Add("a", "b", [0.1f, -5, -5, -5, -5, -5]);
        Assert.Equal("out_of_distribution", CauseOfLast(table));
    }

    [Fact]
    public void ARowBetweenTwoClasses_IsAmbiguous()
    {
        EmbeddingTable table = Clean();
        for (int i = 0; i < 40; i++)
        {
            table.Add(i % 2 == 0 ? "a" : "b", i % 2 == 0 ? "a" : "b", Between(i));
        }

        table.Add("a", "b", Between(41));
        Assert.Equal("ambiguous", CauseOfLast(table));
    }

    [Fact]
    public void ARowOfAClassWithFewRows_IsRare()
    {
        EmbeddingTable table = Clean();
        table.Add("z", "a", Near(1)); // Among b's: neither label nor prediction is confirmed, and none is divided.
        Assert.Equal("rare", CauseOfLast(table));
    }

    [Theory]
    [InlineData(40, "rare")]
    [InlineData(200, "weak_segment")]
    public void ASegmentThatSurelyFails_ExplainsItsErrors_ByItsSize(int inside, string expected)
    {
        const int Rows = 1000;
        string[] label = [.. Enumerable.Range(0, Rows).Select(i => i % 2 == 0 ? "a" : "b")];
        string[] weather = [.. Enumerable.Range(0, Rows).Select(i => i * inside % Rows < inside ? "fog" : "sun")];
        string[] pred = [.. label.Select((l, i) => weather[i] == "fog" ? (i % 3 == 0 ? l : Other(l)) : i % 47 == 0 ? Other(l) : l)];
        long wrong = label.Zip(pred, weather).LongCount(r => r.First != r.Second && r.Third == "fog");
        CauseResult causes = Run(Write(label, pred, weather)).Result.Causes!;
        Assert.Equal(wrong, causes.Causes.Single(c => c.Cause == expected).Errors);
        Assert.Equal(causes.Errors - wrong, causes.Causes.Single(c => c.Cause == "unexplained").Errors);
    }

    [Fact]
    public void AMapOfClasses_ExplainsItsErrors()
    {
        Random random = new(1);
        string[] label = [.. Enumerable.Range(0, 2000).Select(_ => $"{(char)('a' + random.Next(4))}")];
        string[] pred = [.. label.Select(l => random.Next(10) == 0 ? $"{(char)('a' + random.Next(4))}" : l switch { "a" => "b", "b" => "a", _ => l })];
        ScanResult result = Run(Write(label, pred, [.. label.Select(_ => "sun")])).Result;
        CauseCount cause = result.Causes!.Causes.Single(c => c.Cause == "pipeline");
        Assert.Equal(label.Zip(pred).LongCount(r => (r.First, r.Second) is ("a", "b") or ("b", "a")), cause.Errors);
        Assert.Equal("fix_pipeline", result.Actions[0].Action);
        Assert.InRange(result.Actions[0].Gain.Value!.Value, 0.4, 0.6);
    }

    [Theory]
    [InlineData(0.3, "drifted_segment")]
    [InlineData(0.02, "rare")]
    [InlineData(0.6, "weak_segment")]
    public void AFailingSegment_IsJudgedByItsShareOfTheTrainingSet(double share, string expected)
    {
        const int Rows = 1000;
        string[] label = [.. Enumerable.Range(0, Rows).Select(i => i % 2 == 0 ? "a" : "b")];
        string[] pred = [.. label.Select((l, i) => i % 4 < 2 && i % 3 == 0 ? Other(l) : l)];
        string data = Write(label, pred, [.. label.Select((_, i) => i % 4 < 2 ? "fog" : "sun")]);
        string train = Write(label, label, [.. label.Select((_, i) => i < share * Rows ? "fog" : "sun")]);
        CauseResult causes = Run(data, o => o with { Train = [train], Segments = ["weather"] }).Result.Causes!;
        Assert.Equal(("train", expected), (causes.LearntFrom, causes.Causes.Single(c => c.Errors > 0).Cause));
    }

    [Theory]
    [InlineData(0.3, "drifted_segment")]
    [InlineData(0.02, "rare")]
    [InlineData(0.6, "weak_segment")]
    public void AFailingSegment_IsJudgedByItsShareOfTheTrainingSplit(double share, string expected)
    {
        const int Rows = 1000;
        string[] label = [.. Enumerable.Range(0, 2 * Rows).Select(i => i % 2 == 0 ? "a" : "b")];
        bool Trains(int i) => i >= Rows;
        string[] weather = [.. Enumerable.Range(0, 2 * Rows).Select(i => (Trains(i) ? i - Rows < share * Rows : i % 4 < 2) ? "fog" : "sun")];
        string[] pred = [.. label.Select((l, i) => !Trains(i) && i % 4 < 2 && i % 3 == 0 ? Other(l) : l)];
        string[] split = [.. label.Select((_, i) => Trains(i) ? "Train" : "test")];
        string path = Write(label, pred, weather, split);
        CauseResult causes = Run(path, o => o with { Segments = ["weather"] }).Result.Causes!;
        Assert.Equal(("split", expected), (causes.LearntFrom, causes.Causes.Single(c => c.Errors > 0).Cause));

        // The split as a segment of its own fails too, and would be rare if it were held against itself.
        CauseResult asked = Run(path, o => o with { Segments = ["weather", "split"], Threads = 3 }).Result.Causes!;
        Assert.Equal(expected, asked.Causes.First(c => c.Errors > 0).Cause);
        Assert.Equal(causes.Errors, asked.Causes.Where(c => c.Cause == expected || c.Cause == "weak_segment").Sum(c => c.Errors));
    }

    [Fact]
    public void AClass_IsRareByTheTrainingSplit_PredictedOrNot()
    {
        // c: a third of the test rows, two of 600 training rows; training rows have no predictions.
        string[] label = [.. Enumerable.Range(0, 900).Select(i => i < 300 ? $"{(char)('a' + (i % 3))}" : i < 302 ? "c" : i % 2 == 0 ? "a" : "b")];
        string?[] pred = [.. label.Select((l, i) => i >= 300 ? null : l == "c" && i % 2 == 0 ? "a" : l)];
        string[] weather = [.. label.Select((_, i) => i % 5 == 0 ? "fog" : "sun")];
        CauseResult causes = Run(Write(label, pred!, weather, [.. label.Select((_, i) => i < 300 ? "test" : "train")])).Result.Causes!;
        Assert.Equal(("split", "rare", 50), (causes.LearntFrom, causes.Causes.Single(c => c.Errors > 0).Cause, causes.Errors));

        // No split is for training: the data stands for it, where c is as frequent as any.
        causes = Run(Write(label, pred!, weather, [.. label.Select((_, i) => i < 300 ? "test" : "spare")])).Result.Causes!;
        Assert.Equal(("data", 0), (causes.LearntFrom, causes.Causes.Single(c => c.Cause == "rare").Errors));
    }

    [Fact]
    public void Counts_SayTheSameAsRows_WhereRowsCarryNothingMore()
    {
        Random random = new(7);
        string[] label = [.. Enumerable.Range(0, 3000).Select(_ => $"{random.Next(40) switch { 0 => 'c', < 20 => 'a', _ => 'b' }}")];
        string[] weather = [.. Enumerable.Range(0, label.Length).Select(_ => random.Next(4) == 0 ? "fog" : "sun")];
        string[] pred = [.. label.Zip(weather).Select(r => random.Next(r.Second == "fog" ? 2 : 10) == 0 ? "b" : r.First)];
        string path = Write(label, pred, weather);
        CauseResult counted = Run(path, o => o with { Segments = ["weather"], CountedCauses = 0 }).Result.Causes!;

        CauseResult read = Run(path, o => o with { Segments = ["weather"] }).Result.Causes!;
        Assert.Equal(read.Causes.Select(c => (c.Cause, c.Errors)), counted.Causes.Select(c => (c.Cause, c.Errors)));
        Assert.True(counted.Causes.Count(c => c.Errors > 0) >= 3);
        Assert.Equal(
            read.Groups.Where(g => g.Group != "slice").Select(g => (g.Group, g.Value, string.Join(' ', g.Counts))),
            counted.Groups.Where(g => g.Group != "slice").Select(g => (g.Group, g.Value, string.Join(' ', g.Counts))));
    }

    [Fact]
    public void Actions_StandInTheOrderOfTheirGain()
    {
        EmbeddingTable table = EmbeddingTable.Random(300, 6, 3);
        ScanResult result = Run(table.Write(folder["t.parquet"])).Result;
        Assert.NotEmpty(result.Actions);
        double[] gains = [.. result.Actions.Where(a => a.Gain.Value is not null).Select(a => a.Gain.Value!.Value)];
        Assert.Equal(gains.OrderDescending(), gains);
        Assert.All(result.Actions, a => Assert.True(a.Gain.Low is null || (a.Gain.Low <= (a.Gain.Value ?? a.Gain.Low) && a.Gain.High >= (a.Gain.Value ?? a.Gain.High))));
        Assert.All(result.Actions, a => Assert.True(a.Gain.High is null || a.GainMethod is not null));
    }

    [Fact]
    public void AllRight_HasNoCauses()
    {
        CauseResult causes = Run(Write(["a", "b"], ["a", "b"], ["fog", "sun"])).Result.Causes!;
        Assert.Equal(0, causes.Errors);
        Assert.All(causes.Causes, c => Assert.Equal((0, null), (c.Errors, c.Share.Value)));
        Assert.Empty(causes.Groups);
    }

    private static string Other(string label) => label == "a" ? "b" : "a";

    /// <summary>Sixty rows of three well parted classes, all right.</summary>
    private static EmbeddingTable Clean()
    {
        EmbeddingTable table = new();
        for (int i = 0; i < 180; i++)
        {
            table.Add($"{(char)('a' + (i % 3))}", $"{(char)('a' + (i % 3))}", Near(i % 3, i));
        }

        return table;
    }

    private static float[] Near(int axis, int seed = 1000)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, 6).Select(d => (d == axis ? 5 : 0) + (float)random.NextDouble())];
    }

    private static float[] Between(int seed)
    {
        Random random = new(500 + seed);
        return [.. Enumerable.Range(0, 6).Select(d => (d < 2 ? 4 : 0) + (float)random.NextDouble())];
    }

    private string? CauseOfLast(EmbeddingTable table)
    {
        ScanOutcome outcome = Run(table.Write(folder["t.parquet"]));
        return Assert.Single(outcome.Rows, r => r.Row == table.Count - 1).Cause;
    }

    private static ScanOutcome Run(string path, Func<ScanOptions, ScanOptions>? change = null)
    {
        ScanOptions options = new() { Inputs = [path], Device = "cpu" };
        ScanOutcome outcome = GpuDiag.Analyses.Scan.Scan.Run(change is null ? options : change(options), null, default);
        return outcome with { Rows = [.. outcome.Rows] };
    }

    private string Write(string[] label, string[] pred, string[] weather, string[]? split = null)
    {
        string path = folder[$"{Guid.NewGuid():N}.parquet"];
        using ParquetFileWriter file = new(path, [new Column<string>("label"), new Column<string>("pred"), new Column<string>("weather"), .. split is null ? Array.Empty<Column>() : [new Column<string>("split")]]);
        using RowGroupWriter group = file.AppendRowGroup();
        foreach (string[] values in (string[][])[label, pred, weather, .. split is null ? Array.Empty<string[]>() : [split]])
        {
            using LogicalColumnWriter<string> column = group.NextColumn().LogicalWriter<string>();
            column.WriteBatch(values);
        }

        file.Close();
        return path;
    }
}
