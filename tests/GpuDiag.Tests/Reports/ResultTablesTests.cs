using GpuDiag.Analyses.Results;
using GpuDiag.Reports.Tables;
using ParquetSharp;

namespace GpuDiag.Tests.Reports;

public class ResultTablesTests
{
    [Fact]
    public void SameRows_GiveTheSameBytes()
    {
        Assert.Equal(Bytes(ResultTables.Rows, ManyRows(3000)), Bytes(ResultTables.Rows, ManyRows(3000)));
        Assert.Equal(Segments(), Segments());
    }

    [Fact]
    public void Rows_ReadBackAsWritten()
    {
        using var reader = Open(Bytes(ResultTables.Rows, SampleOutcome.Rows));
        Assert.Equal(
            ["row", "id", "split", "label", "pred", "confidence", "correct", "loss", "label_issue", "label_quality", "outlier", "outlier_score", "duplicate_set", "leak", "label_agreement", "cluster", "cause", "x", "y", "pred_agreement", "shapley", "evidence", "suggested_label", "failing_segments", "outlier_percentile", "slices"],
            Names(reader));
        using var group = reader.RowGroup(0);
        Assert.Equal([7L, 3L], Read<long>(group, 0, 2));
        Assert.Equal(["a", null], Read<string?>(group, 1, 2));
        Assert.Equal([SampleOutcome.OddName, null], Read<string?>(group, 3, 2));
        Assert.Equal([0.99, null], Read<double?>(group, 5, 2));
        Assert.Equal([false, null], Read<bool?>(group, 6, 2));
        Assert.Equal([true, null], Read<bool?>(group, 8, 2));
        Assert.Equal([0.0625, null], Read<double?>(group, 9, 2));
        Assert.Equal([0.125, null], Read<double?>(group, 11, 2));
        Assert.Equal([2L, null], Read<long?>(group, 12, 2));
    }

    [Fact]
    public void Rows_BeyondOneRowGroup_AreAllThere()
    {
        using var reader = Open(Bytes(ResultTables.Rows, ManyRows(140_000)));
        Assert.Equal(140_000, reader.FileMetaData.NumRows);
        Assert.Equal(2, reader.FileMetaData.NumRowGroups);
        using var group = reader.RowGroup(1);
        Assert.Equal(131_072L, group.Column(0).LogicalReader<long>().ReadAll(1)[0]);
    }

    [Fact]
    public void NoRows_GiveAnEmptyTableWithItsColumns()
    {
        using var rows = Open(Bytes(ResultTables.Rows, []));
        Assert.Equal(0, rows.FileMetaData.NumRows);
        Assert.Equal(26, rows.FileMetaData.Schema.NumColumns);
        using var segments = Open(Bytes(ResultTables.Segments([]), []));
        Assert.Equal(["column", "value", "rows", "errors", "accuracy", "accuracy_low", "accuracy_high", "f1_macro", "f1_macro_low", "f1_macro_high", "p_value", "q_value", "temperature"], Names(segments));
    }

    [Fact]
    public void Fit_IsALinePerFigure()
    {
        FitResult fit = new(
            FitResult.Overfit, "a gap",
            [new FitSplit("train", "train", 2000, new Dictionary<string, Estimate> { ["accuracy"] = new(0.9, 0.8, 0.95), ["ece"] = Estimate.Undefined }), new FitSplit(null, "other", 7, new Dictionary<string, Estimate> { ["accuracy"] = new(0.5) })],
            [new FitReason("gap", new(0.25, 0.125, 0.375))],
            [new FitClass(SampleOutcome.OddName, 20, new(1), 10, new(0.5, 0.25, 0.75), new(0.5), FitResult.Good)]);
        using var reader = Open(Bytes(FitTables.Lines, [.. FitTables.Of(fit)]));
        Assert.Equal(["section", "name", "kind", "figure", "rows", "value", "value_low", "value_high", "why"], Names(reader));
        using var group = reader.RowGroup(0);
        Assert.Equal(["verdict", "split", "split", "split", "reason", "class", "class", "class"], Read<string?>(group, 0, 8));
        Assert.Equal([null, "train", "train", null, null, SampleOutcome.OddName, SampleOutcome.OddName, SampleOutcome.OddName], Read<string?>(group, 1, 8));
        Assert.Equal(["overfit", "train", "train", "other", null, "good", "good", "good"], Read<string?>(group, 2, 8));
        Assert.Equal([null, "accuracy", "ece", "accuracy", "gap", "train_recall", "test_recall", "gap"], Read<string?>(group, 3, 8));
        Assert.Equal([null, 2000L, 2000L, 7L, null, 20L, 10L, null], Read<long?>(group, 4, 8));
        Assert.Equal([null, 0.9, null, 0.5, 0.25, 1, 0.5, 0.5], Read<double?>(group, 5, 8));
        Assert.Equal([null, 0.8, null, null, 0.125, null, 0.25, null], Read<double?>(group, 6, 8));
        Assert.Equal(["a gap", null, null, null, null, null, null, null], Read<string?>(group, 8, 8));
    }

    [Fact]
    public void Pipeline_IsALinePerCheck_WithEvidenceAsJson()
    {
        PipelineCheck[] checks =
        [
            PipelineCheck.NotApplicable("logits", "no probabilities"),
            new("class_map", PipelineCheck.Failing)
            {
                Statistic = "accuracy won by renaming", Value = double.PositiveInfinity, PValue = 0.001, FalseAlarmRate = 0.01, Rows = 40, AccuracyIfFixed = new(0.9, 0.8, 0.95),
                Evidence = new Dictionary<string, object?> { ["from"] = "a \"b\"", ["rows"] = 40L, ["share"] = 0.25 },
            },
        ];
        using var reader = Open(Bytes(FitTables.Checks, checks));
        Assert.Equal(["code", "status", "reason", "statistic", "value", "p_value", "false_alarm_rate", "rows", "accuracy_if_fixed", "accuracy_if_fixed_low", "accuracy_if_fixed_high", "evidence"], Names(reader));
        using var group = reader.RowGroup(0);
        Assert.Equal(["logits", "class_map"], Read<string?>(group, 0, 2));
        Assert.Equal(["not_applicable", "failed"], Read<string?>(group, 1, 2));
        Assert.Equal(["no probabilities", null], Read<string?>(group, 2, 2));
        Assert.Equal([null, null], Read<double?>(group, 4, 2)); // What is not finite is not there.
        Assert.Equal([null, 0.001], Read<double?>(group, 5, 2));
        Assert.Equal([0, 0.01], Read<double>(group, 6, 2));
        Assert.Equal([0L, 40L], Read<long>(group, 7, 2));
        Assert.Equal([null, 0.95], Read<double?>(group, 10, 2));
        Assert.Null(Read<string?>(group, 11, 2)[0]);
        using var evidence = System.Text.Json.JsonDocument.Parse(Read<string?>(group, 11, 2)[1]!);
        Assert.Equal(("a \"b\"", 40, 0.25), (evidence.RootElement.GetProperty("from").GetString(), evidence.RootElement.GetProperty("rows").GetInt32(), evidence.RootElement.GetProperty("share").GetDouble()));
    }

    [Fact]
    public void Segments_KeepEveryMetricAndTheMissingValue()
    {
        using var reader = Open(Segments());
        Assert.Contains("recall_macro_high", Names(reader));
        using var group = reader.RowGroup(0);
        Assert.Equal(["fog", null, "null", "fog*night", "a]b=c.d"], Read<string?>(group, 1, 5));
        int q = Array.IndexOf(Names(reader), "q_value");
        Assert.Equal([2e-9, null, 0.5, 0.02, 0.9], Read<double?>(group, q, 5));
    }

    [Fact]
    public void Neighbors_HaveTheirColumns()
    {
        using var reader = Open(Bytes(ResultTables.RowNeighbors, [new RowNeighbor("a", 1, "b", 0.5, "data") { QueryRow = 1, NeighborRow = 2 }, new RowNeighbor("a", 1, "c", 0.25, "train") { QueryRow = 1, NeighborRow = 2 }]));
        Assert.Equal(["query", "rank", "neighbor", "distance", "source", "query_row", "neighbor_row", "label"], Names(reader));
        using var group = reader.RowGroup(0);
        Assert.Equal(["b", "c"], Read<string?>(group, 2, 2));
        Assert.Equal([0.5, 0.25], Read<double>(group, 3, 2));
    }

    [Fact]
    public void ClassesAndConfusions_HaveTheirColumns()
    {
        using var classes = Open(Bytes(ResultTables.Classes, SampleOutcome.Result.Classes));
        Assert.Equal(["class", "support", "predicted", "precision", "precision_low", "precision_high"], Names(classes)[..6]);
        using var group = classes.RowGroup(0);
        Assert.Equal([null, 0.8, null], Read<double?>(group, Array.IndexOf(Names(classes), "average_precision"), 3));
        using var confusions = Open(Bytes(ResultTables.Confusions, SampleOutcome.Result.Confusions));
        Assert.Equal(["label", "pred", "count"], Names(confusions));
    }

    private static IEnumerable<RowResult> ManyRows(int count)
        => Enumerable.Range(0, count).Select(i => new RowResult(i, $"id{i}", null, $"class {i % 7}", $"class {i % 5}", i / 1e6, i % 3 == 0, null));

    private static byte[] Segments() => Bytes(ResultTables.Segments(SampleOutcome.Result.Segments), SampleOutcome.Result.Segments);

    private static byte[] Bytes<T>(Table<T> table, IEnumerable<T> rows)
    {
        using var stream = new MemoryStream();
        table.Write(stream, rows, CancellationToken.None);
        return stream.ToArray();
    }

    private static List<T> Read<T>(RowGroupReader group, int column, int rows) => [.. group.Column(column).LogicalReader<T>().ReadAll(rows)];

    private static ParquetFileReader Open(byte[] bytes) => new(new MemoryStream(bytes));

    private static string[] Names(ParquetFileReader reader)
        => [.. Enumerable.Range(0, reader.FileMetaData.Schema.NumColumns).Select(i => reader.FileMetaData.Schema.Column(i).Name)];
}
