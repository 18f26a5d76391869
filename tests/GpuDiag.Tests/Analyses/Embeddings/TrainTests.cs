using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Tests.Columns;
using ParquetSharp;

namespace GpuDiag.Tests.Analyses.Embeddings;

/// <summary>What a training set beside the data tells, and what of it is refused.</summary>
public sealed class TrainTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly EmbeddingTable test = EmbeddingTable.Random(80, 8, 1);
    private readonly EmbeddingTable train = EmbeddingTable.Random(60, 8, 2);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void RowsThatTrainHoldsToo_AreLeaked_AndNoOthers()
    {
        train.CopyFrom(test, 3, "a");
        train.CopyFrom(test, 70, "b");
        ScanOutcome outcome = Scan(train.Write(folder["train.parquet"]));
        Assert.Equal([3, 70], outcome.Rows.Where(r => r.Leak == true).Select(r => r.Row));
        DuplicateResult duplicates = outcome.Result.Duplicates!;
        Assert.Equal((2, 2, 2), (duplicates.Sets, duplicates.LeakedRows, duplicates.ExactRows));
        Assert.All(duplicates.Largest, s => Assert.Equal((1, 1), (s.Rows, s.TrainRows)));
        Assert.NotNull(duplicates.TrainThreshold);
        RowResult[] kept = [.. outcome.Rows.Where(r => r.Leak == false)];
        Assert.Equal((double)kept.Count(r => r.Correct == true) / kept.Length, duplicates.MetricsWithoutLeaks["accuracy"].Value);
        Assert.Equal(new TrainResult(62, 62, [], []) { Embedded = 62 }, outcome.Result.Train! with { MissingClasses = [], ExtraClasses = [] });
    }

    [Fact]
    public void NeighboursInTrain_AreListedBesideThoseInTheData()
    {
        train.CopyFrom(test, 3, "a");
        ScanOutcome outcome = Scan(train.Write(folder["train.parquet"]), o => o with { Neighbors = 4 });
        RowNeighbor[] of = [.. outcome.Neighbors!.Where(n => n.Query == "r0003")];
        Assert.Equal([1, 2, 3, 4, 1, 2, 3, 4], of.Select(n => n.Rank));
        Assert.Equal(["data", "train"], of.Select(n => n.Source).Distinct());
        Assert.Equal(("t0060", 0.0), (of[4].Neighbor, of[4].Distance));
        Assert.DoesNotContain(of.Take(4), n => n.Neighbor == "r0003");
    }

    [Fact]
    public void LabelsOfTrain_ConflictWithThoseOfTheData_ButNullsDoNot()
    {
        for (int row = 0; row < 5; row++)
        {
            test.Add("a", "a", Axis(row));
            train.CopyFrom(test, 80 + row, row switch { 0 => "a", 1 => "b", 2 => "other", 3 => "null", _ => null });
        }

        ScanResult result = Scan(train.Write(folder["train.parquet"])).Result;
        Assert.Equal([80, 81, 82, 83, 84], result.Duplicates!.Largest.Select(s => s.FirstRow));
        Assert.Equal([false, true, true, true, false], result.Duplicates.Largest.Select(s => s.Conflicting));
        Assert.Equal(64, result.Train!.Labelled);
        Assert.Equal(["null", "other"], result.Train.ExtraClasses);
    }

    [Fact]
    public void ClassThatTrainLacks_IsAFinding()
    {
        test.Add("rare", "a", Axis(0));
        ScanResult result = Scan(train.Write(folder["train.parquet"])).Result;
        Assert.Equal(["rare"], result.Train!.MissingClasses);
        Assert.Equal(1, Assert.Single(result.Findings, f => f.Code == "train.missing_classes").Rows);
    }

    [Fact]
    public void ClassesOfTrainAlone_ChangeNoFigure()
    {
        EmbeddingTable other = EmbeddingTable.Random(60, 8, 2);
        string plain = train.Write(folder["train.parquet"]);
        other.CopyFrom(train, 0, "zebra");
        ScanResult with = Scan(other.Write(folder["other.parquet"])).Result, without = Scan(plain).Result;
        Assert.Equal(without.ClassNames, with.ClassNames);
        Assert.Equal(without.Metrics, with.Metrics);
    }

    [Fact]
    public void TrainWithoutLabels_TellsLeaksStill()
    {
        string path = Write("embedding", [3f, 0, 0, 0, 0, 0, 0, 9], test.Vector(4));
        ScanOutcome outcome = Scan(path);
        Assert.Equal([4], outcome.Rows.Where(r => r.Leak == true).Select(r => r.Row));
        Assert.Equal((2, 0), (outcome.Result.Train!.Rows, outcome.Result.Train.Labelled));
        Assert.Equal("1", outcome.Neighbors!.First(n => n is { Query: "r0004", Source: "train" }).Neighbor);
    }

    [Fact]
    public void TrainWithoutEmbedding_TellsLeaksByTexts()
    {
        test.Add("a", "a", Axis(0), text: "seen before");
        string path = Write("text", "seen before", "new");
        ScanOutcome outcome = Scan(path);
        Assert.Equal([80], outcome.Rows.Where(r => r.Leak == true).Select(r => r.Row));
        Assert.Null(outcome.Result.Train!.Embedded);
        Assert.Null(outcome.Result.Duplicates!.TrainThreshold);
        Assert.DoesNotContain(outcome.Neighbors!, n => n.Source == "train");
    }

    [Fact]
    public void DataWithoutEmbedding_TakesATrainingSetForItsClasses()
    {
        ScanOutcome outcome = Scan(train.Write(folder["train.parquet"]), o => o with { Embedding = "none" });
        Assert.Null(outcome.Result.Duplicates);
        Assert.Equal((60, 60), (outcome.Result.Train!.Rows, outcome.Result.Train.Labelled));
        Assert.Null(outcome.Result.Train.Embedded);
    }

    [Fact]
    public void UnusableVectorsOfTrain_AreCountedAndNobodysNeighbours()
    {
        train.Add("a", "a", null);
        train.Add("a", "a", [float.NaN, 0, 0, 0, 0, 0, 0, 0]);
        train.Add("a", "a", new float[8]);
        test.Add("a", "a", new float[8]);
        ScanOutcome outcome = Scan(train.Write(folder["train.parquet"]));
        TrainResult result = outcome.Result.Train!;
        Assert.Equal((63, 60, 2, 1), (result.Rows, result.Embedded, result.NanEmbedding, result.ZeroEmbedding));
        Assert.Equal(0, outcome.Result.Duplicates!.LeakedRows);
        Assert.DoesNotContain(outcome.Neighbors!, n => n is { Source: "train", Neighbor: "r0060" or "r0061" or "r0062" });
    }

    [Fact]
    public void FilesOfTrain_AreGlobsAndSeveral_AndInTheRun()
    {
        train.CopyFrom(test, 3, "a");
        train.Write(folder["part-0.parquet"], 0, 30);
        train.Write(folder["part-1.parquet"], 30, 50);
        string last = train.Write(folder["last.parquet"], 50);
        ScanOutcome outcome = Scan(folder["part-*.parquet"], o => o with { Train = [.. o.Train, last] });
        Assert.Equal([3], outcome.Rows.Where(r => r.Leak == true).Select(r => r.Row));
        Assert.Equal([80L, 30, 20, 11], outcome.Run.Inputs.Select(i => i.Rows).OrderByDescending(r => r));
        Assert.Contains(new RoleTaken("train embedding", "embedding", "as the data"), outcome.Run.Roles);
    }

    [Fact]
    public void OtherNames_AreFoundOrNamed()
    {
        string found = Write<float[]>("vector", test.Vector(4));
        Assert.Equal(1, Scan(found).Result.Duplicates!.LeakedRows);
        string named = Write<float[]>("e", test.Vector(4));
        ScanOutcome outcome = Scan(named, o => o with { TrainEmbedding = "e", Label = "label" });
        Assert.Equal(1, outcome.Result.Duplicates!.LeakedRows);
        Assert.Contains(new RoleTaken("train label", "label", "missing"), outcome.Run.Roles);
    }

    [Fact]
    public void OtherWidth_IsRefusedWithBothWidths()
    {
        InputException fault = Fault(Write<float[]>("embedding", [1, 2, 3]));
        Assert.Contains("3 dimensions, but the data's 'embedding' has 8", fault.Message, StringComparison.Ordinal);
        Assert.Equal("embedding", fault.Column);
    }

    [Fact]
    public void NothingToUse_IsRefused() =>
        Assert.Contains("no column to use", Fault(Write("remark", "x")).Message, StringComparison.Ordinal);

    [Fact]
    public void NoClassInCommon_IsRefusedWithOneOfEach()
    {
        InputException fault = Fault(Write("label", 7));
        Assert.Contains("'7' here, 'a' there", fault.Message, StringComparison.Ordinal);
        Assert.Equal("label", fault.Column);
    }

    [Fact]
    public void ColumnThatCannotPlayItsRole_IsRefusedWhereItWasNamed()
    {
        string path = Write("embedding", "x");
        Assert.Contains("no column to use", Fault(path).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be the embedding", Fault(path, o => o with { Embedding = "embedding" }).Message, StringComparison.Ordinal);
        Assert.Contains("--train-embedding", Fault(path, o => o with { TrainEmbedding = "no" }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BooleansAndNumbers_AreTheSameClasses()
    {
        string data = Two("data.parquet", [true, false, true, true]);
        string numbers = Two("numbers.parquet", [1, 0, 0]);
        ScanResult result = Run(new ScanOptions { Inputs = [data], Train = [numbers], Pred = "label2" }).Result;
        Assert.Empty(result.Train!.MissingClasses);
        Assert.Empty(result.Train.ExtraClasses);
    }

    private static float[] Axis(int dimension) => [.. Enumerable.Range(0, 8).Select(d => d == dimension ? -9f : 0)];

    private string Two<T>(string name, T[] labels)
    {
        using ParquetFileWriter file = new(folder[name], [new Column<T>("label"), new Column<T>("label2")]);
        using RowGroupWriter group = file.AppendRowGroup();
        for (int i = 0; i < 2; i++)
        {
            using LogicalColumnWriter<T> column = group.NextColumn().LogicalWriter<T>();
            column.WriteBatch(labels);
        }

        file.Close();
        return folder[name];
    }

    /// <summary>Writes a file of one column.</summary>
    private string Write<T>(string column, params T[] values)
    {
        string path = folder[$"{Guid.NewGuid():N}.parquet"];
        using ParquetFileWriter file = new(path, [new Column<T>(column)]);
        using RowGroupWriter group = file.AppendRowGroup();
        using (LogicalColumnWriter<T> writer = group.NextColumn().LogicalWriter<T>())
        {
            writer.WriteBatch(values);
        }

        file.Close();
        return path;
    }

    private InputException Fault(string trained, Func<ScanOptions, ScanOptions>? change = null)
    {
        InputException fault = Assert.Throws<InputException>(() => Scan(trained, change));
        Assert.Equal(trained, fault.File);
        Assert.NotNull(fault.Remedy);
        return fault;
    }

    private ScanOutcome Scan(string trained, Func<ScanOptions, ScanOptions>? change = null)
    {
        ScanOptions options = new() { Inputs = [test.Write(folder[$"{Guid.NewGuid():N}.parquet"])], Train = [trained], Device = "cpu", AllRows = true };
        return Run(change is null ? options : change(options));
    }

    private static ScanOutcome Run(ScanOptions options)
    {
        ScanOutcome outcome = GpuDiag.Analyses.Scan.Scan.Run(options, null, default);
        return outcome with { Rows = [.. outcome.Rows] };
    }
}
