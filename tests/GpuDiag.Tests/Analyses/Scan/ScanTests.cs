using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Tests.Columns;
using ParquetSharp;

namespace GpuDiag.Tests.Analyses.Scan;

public sealed class ScanTests : IDisposable
{
    private readonly TempFolder folder = new();

    [Fact]
    public void Scan_InfersTheClassOrderFromPredictions()
    {
        // The classes' sorted names are in another order than the probabilities.
        string path = Write(
            ("label", (string[])["two", "one", "three", "two"]),
            ("pred", (string[])["two", "one", "three", "one"]),
            ("probs", (float[][])[[.1f, .8f, .1f], [.7f, .2f, .1f], [.1f, .1f, .8f], [.6f, .3f, .1f]]));
        ScanResult result = Run(path).Result;
        Assert.Equal(["one", "two", "three"], result.ClassNames);
        Assert.Equal(0.75, result.Metrics["accuracy"].Value);
    }

    [Fact]
    public void Scan_RefusesAnOrderThatPredictionsContradict()
    {
        string path = Write(
            ("label", (string[])["a", "b", "a", "b"]),
            ("pred", (string[])["a", "b", "a", "b"]),
            ("probs", (float[][])[[.9f, .1f], [.2f, .8f], [.7f, .3f], [.4f, .6f]]));
        InputException error = Assert.Throws<InputException>(() => Run(path, o => o with { Classes = ["b", "a"] }));
        Assert.Equal("probs", error.Column);
        Assert.Contains("--classes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_TakesPredictionsFromProbabilitiesAndNumbersFromTheClassList()
    {
        string path = Write(("label", (int[])[0, 1, 1]), ("probs", (float[][])[[.9f, .1f], [.2f, .8f], [.7f, .3f]]));
        ScanResult result = Run(path, o => o with { Classes = ["cat", "dog"] }).Result;
        Assert.Equal(["cat", "dog"], result.ClassNames);
        Assert.Equal(new Confusion("dog", "cat", 1), Assert.Single(result.Confusions));
    }

    [Fact]
    public void Scan_NamesALabelThatTheClassListLacks()
    {
        string path = Write(("label", (string[])["cat", "cow"]), ("pred", (string[])["cat", "cat"]));
        Assert.Contains("'cow'", Assert.Throws<InputException>(() => Run(path, o => o with { Classes = ["cat", "dog"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_ReadsClassesThatWereStoredAsFloatsBesideNulls()
    {
        string path = Write(("label", (double?[])[1, null, 0]), ("pred", (int[])[1, 1, 1]));
        ScanResult result = Run(path).Result;
        Assert.Equal(["0", "1"], result.ClassNames);
        Assert.Equal(1, result.Excluded.NullLabel);
        Assert.Equal(0.5, result.Metrics["accuracy"].Value);
    }

    [Fact]
    public void Scan_RefusesFractionsAsClasses()
    {
        string path = Write(("label", (double?[])[0.25, 1]), ("pred", (int[])[1, 1]));
        Assert.Equal("label", Assert.Throws<InputException>(() => Run(path)).Column);
    }

    [Fact]
    public void Scan_MatchesBooleanLabelsWithNumbers()
    {
        string path = Write(("label", (bool[])[true, false, true]), ("pred", (int[])[1, 0, 0]));
        Assert.Equal(2.0 / 3, Run(path).Result.Metrics["accuracy"].Value!.Value, 15);
    }

    [Fact]
    public void Scan_DropsFoundSegmentsOfHighCardinalityOnly()
    {
        string path = Write(
            ("label", Enumerable.Repeat(1, 200).ToArray()),
            ("pred", Enumerable.Repeat(1, 200).ToArray()),
            ("many", Enumerable.Range(0, 200).ToArray()),
            ("few", Enumerable.Range(0, 200).Select(i => i % 3).ToArray()));
        Assert.Equal(["few"], Run(path).Result.Segments.Select(s => s.Column).Distinct());
        Assert.Equal(200, Run(path, o => o with { Segments = ["many"] }).Result.Segments.Count);
    }

    [Fact]
    public void Scan_CutsFloatsAtTheirQuantiles()
    {
        double?[] age = [.. Enumerable.Range(1, 100).Select(i => (double?)i), null];
        string path = Write(("label", Enumerable.Repeat(1, 101).ToArray()), ("pred", Enumerable.Repeat(1, 101).ToArray()), ("age", age));
        IReadOnlyList<SegmentResult> segments = Run(path, o => o with { Segments = ["age"] }).Result.Segments;
        Assert.Equal([1, 25, 25, 25, 25], segments.Select(s => s.Rows).Order());
        Assert.Contains(segments, s => s.Value == "[1, 25]");
        Assert.Contains(segments, s => s.IsNull && s.Rows == 1);
    }

    [Fact]
    public void Scan_ReadsOneProbabilityOfABinaryTask()
    {
        string path = Write(("label", (int[])[0, 1, 1, 0]), ("p", (double[])[.1, .9, .4, .3]));
        ScanResult result = Run(path, o => o with { Probs = ["p"] }).Result;
        Assert.Equal("binary", result.Task);
        Assert.Equal(1.0, result.Metrics["roc_auc"].Value);
        Assert.Equal(0.75, result.Metrics["accuracy"].Value);
    }

    [Fact]
    public void Scan_ReadsOneProbabilityColumnPerClassByGlob()
    {
        string path = Write(
            ("label", (string[])["cat", "dog", "dog"]), ("prob_dog", (double[])[.1, .9, .4]), ("prob_cat", (double[])[.9, .1, .6]));
        ScanResult result = Run(path, o => o with { Probs = ["prob_*"] }).Result;
        Assert.Equal(2.0 / 3, result.Metrics["accuracy"].Value!.Value, 15);
    }

    [Theory]
    [InlineData("label", "label")]
    [InlineData("pred", "label")]
    public void Scan_RefusesTwoRolesForOneColumn(string pred, string label)
    {
        string path = Write(("label", (int[])[1]), ("pred", (int[])[1]));
        ScanOptions twice = new() { Inputs = [path], Label = label, Pred = pred == label ? label : pred, Split = label };
        Assert.Contains("two roles", Assert.Throws<InputException>(() => GpuDiag.Analyses.Scan.Scan.Run(twice, null, default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_SaysWhichColumnsThereAreWhenOneIsMissing()
    {
        string path = Write(("label", (int[])[1]), ("guess", (int[])[1]));
        InputException error = Assert.Throws<InputException>(() => Run(path, o => o with { Pred = "gess" }));
        Assert.Contains("label, guess", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_RefusesAFileWithoutRows()
    {
        string path = Write(("label", Array.Empty<int>()), ("pred", Array.Empty<int>()));
        Assert.Contains("no rows", Assert.Throws<InputException>(() => Run(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_CountsRowsWithoutProbabilitiesEvenWhereAWholeFileHasNone()
    {
        string none = Write(("label", (int[])[0, 1]), ("pred", (int[])[0, 1]), ("probs", (float[]?[])[null, null]));
        string some = Write(("label", (int[])[0, 1, 1]), ("pred", (int[])[0, 1, 0]), ("probs", (float[]?[])[[.9f, .1f], [.2f, .8f], [.7f, .3f]]));
        ScanResult result = Run(none, o => o with { Inputs = [none, some] }).Result;
        Assert.Equal(2, result.Excluded.NanProbs);
        Assert.Equal(0.8, result.Metrics["accuracy"].Value);
    }

    [Fact]
    public void Scan_StopsWhenCancelled()
    {
        string path = Write(("label", (int[])[1]), ("pred", (int[])[1]));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            GpuDiag.Analyses.Scan.Scan.Run(new ScanOptions { Inputs = [path] }, null, new CancellationToken(true)));
    }

    public void Dispose() => folder.Dispose();

    private static ScanOutcome Run(string path, Func<ScanOptions, ScanOptions>? change = null)
    {
        ScanOptions options = new() { Inputs = [path], Device = "cpu" };
        ScanOutcome outcome = GpuDiag.Analyses.Scan.Scan.Run(change is null ? options : change(options), null, default);
        return outcome with { Rows = [.. outcome.Rows] };
    }

    private string Write(params (string Name, Array Values)[] columns)
    {
        string path = folder[$"{Guid.NewGuid():N}.parquet"];
        using ParquetFileWriter file = new(path, [.. columns.Select(c => new Column(c.Values.GetType().GetElementType()!, c.Name))]);
        using RowGroupWriter group = file.AppendRowGroup();
        foreach ((_, Array values) in columns)
        {
            using LogicalColumnWriter writer = group.NextColumn().LogicalWriter();
            writer.Apply(new Put(values));
        }

        file.Close();
        return path;
    }

    private sealed class Put(Array values) : ILogicalColumnWriterVisitor<bool>
    {
        public bool OnLogicalColumnWriter<TValue>(LogicalColumnWriter<TValue> columnWriter)
        {
            columnWriter.WriteBatch((TValue[])values);
            return true;
        }
    }
}
