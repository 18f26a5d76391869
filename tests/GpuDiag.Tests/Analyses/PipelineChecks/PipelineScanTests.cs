using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Tests.Analyses.Embeddings;
using GpuDiag.Tests.Columns;
using ParquetSharp;

namespace GpuDiag.Tests.Analyses.PipelineChecks;

/// <summary>Faults that only a file can show, found by a scan.</summary>
public sealed class PipelineScanTests : IDisposable
{
    private const int Count = 300;

    private readonly TempFolder folder = new();
    private readonly CheckRows rows = CheckRows.Sound(new Random(8), Count, 3, 0.8);

    [Fact]
    public void Scan_OfSoundRowsFindsNoFault()
    {
        ScanResult result = Run(("id", Ids()), ("probs", Probabilities(p => p)), ("age", Ages()));
        Assert.Empty(Faults(result));
        Assert.Equal(17, result.Pipeline!.Checks.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    public void Scan_CountsIdsThatOccurTwice(long? memory)
    {
        string[] ids = Ids();
        (ids[250], ids[260], ids[270], ids[7]) = (ids[5], ids[5], ids[30], ids[3]);
        PipelineCheck check = Assert.Single(Run(o => o with { Memory = memory }, ("id", ids)).Pipeline!.Failed);
        Assert.Equal(("duplicate_ids", 4.0), (check.Code, check.Value));
        Assert.Equal((object[])[3L, 4L, 3L, 3L, 7L, 0L], check.Evidence.Values.Skip(1));
    }

    [Fact]
    public void Scan_CountsIdsThatAreNumbers()
    {
        int?[] ids = [.. Enumerable.Range(0, Count).Select(i => i < 10 ? (int?)null : i % 250)];
        PipelineCheck check = Assert.Single(Run(("id", ids)).Pipeline!.Failed);
        Assert.Equal((40.0, 10L), (check.Value, check.Evidence["null_ids"]));
    }

    [Fact]
    public void Scan_NamesColumnsThatSayNothing()
    {
        ScanResult result = Run(
            ("note", new string?[Count]),
            ("weight_kg", new double?[Count]),
            ("site", Enumerable.Repeat("north", Count).ToArray()),
            ("version", Enumerable.Repeat(3.5, Count).ToArray()),
            ("late", Enumerable.Range(0, Count).Select(i => i == 299 ? 1 : 0).ToArray()),
            ("holes", Enumerable.Range(0, Count).Select(i => i % 2 == 0 ? "x" : null).ToArray()));
        Assert.Equal(["pipeline.null_column", "pipeline.constant_column"], Faults(result));
        Assert.Equal(["'note', 'weight_kg'", "'site', 'version'"], result.Findings.Where(f => f.Code.StartsWith("pipeline", StringComparison.Ordinal)).Select(f => f.Title.Split(": ")[1]));
    }

    [Fact]
    public void Scan_FindsAConstantConfidence() =>
        Assert.Equal(["pipeline.constant_confidence"], Faults(Run(("confidence", Enumerable.Repeat(0.9, Count).ToArray()))));

    [Theory]
    [InlineData("logits")]
    [InlineData("log_probabilities")]
    [InlineData("percentages")]
    [InlineData("unnormalised_scores")]
    public void Scan_SaysWhatProbabilitiesOutOfRangeLookLike(string what)
    {
        Func<double, double> spoil = what switch
        {
            "logits" => p => 2 + Math.Log(p),
            "log_probabilities" => Math.Log,
            "percentages" => p => 100 * p,
            _ => p => 7 * p,
        };
        foreach (bool derived in (bool[])[false, true])
        {
            ScanResult result = Run(o => derived ? o with { Classes = ["c0", "c1", "c2"] } : o, derived, ("probs", Probabilities(spoil)));
            Finding finding = result.Findings[0];
            Assert.Equal(("pipeline.probability_range", what), (finding.Code, finding.Evidence["looks_like"]));
        }
    }

    [Fact]
    public void Scan_FindsSplitsThatAreSwappedWithoutSegments()
    {
        string[] splits = [.. rows.Labels.Zip(rows.Predictions).Select((r, i) => r.First != r.Second || i % 3 == 0 ? "train" : "test")];
        ScanResult result = Run(o => o with { Segments = ["none"] }, ("split", splits));
        Assert.Equal(["pipeline.splits_swapped"], Faults(result));
        Assert.Empty(result.Segments);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    public void Scan_FindsEmbeddingsThatAreStale(int lag)
    {
        EmbeddingTable table = new();
        Random random = new(3);
        float[][] vectors = [.. Enumerable.Range(0, Count).Select(_ => (float[])[random.NextSingle(), random.NextSingle(), random.NextSingle(), random.NextSingle()])];
        for (int i = 0; i < Count; i++)
        {
            table.Add($"c{rows.Labels[i]}", $"c{rows.Predictions[i]}", lag == 0 ? vectors[0] : i % 100 is >= 16 and < 32 ? vectors[i - lag] : vectors[i]);
        }

        ScanResult result = GpuDiag.Analyses.Scan.Scan.Run(new ScanOptions { Inputs = [table.Write(folder["stale.parquet"])], Device = "cpu" }, null, default).Result;
        PipelineCheck check = result.Pipeline!.Checks.Single(c => c.Code == "stale_embedding");
        Assert.Equal((PipelineCheck.Failing, lag == 0), (check.Status, check.Evidence["constant"]));
        Assert.Equal(lag == 0 ? (1L, 299L) : (16L, 48L), (check.Evidence["lag"], check.Evidence["rows_at_lag"]));
        Assert.Contains("pipeline.stale_embedding", result.Findings.Select(f => f.Code));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Scan_OfVeryFewRowsChecksWhatItCan(int count)
    {
        string path = Write(count, ("label", rows.Labels), ("pred", rows.Predictions));
        ScanResult result = GpuDiag.Analyses.Scan.Scan.Run(new ScanOptions { Inputs = [path], Device = "cpu" }, null, default).Result;
        Assert.Empty(result.Pipeline!.Failed);
    }

    public void Dispose() => folder.Dispose();

    private static string[] Faults(ScanResult result) => [.. result.Findings.Select(f => f.Code).Where(c => c.StartsWith("pipeline.", StringComparison.Ordinal))];

    private static string[] Ids() => [.. Enumerable.Range(0, Count).Select(i => $"r{i}")];

    private static double[] Ages() => [.. Enumerable.Range(0, Count).Select(i => i / 7.0)];

    private double[][] Probabilities(Func<double, double> spoil) =>
        [.. rows.Predictions.Select((p, i) => Enumerable.Range(0, 3).Select(k => spoil(k == p ? 0.7 + (i % 7 / 50.0) : (0.3 - (i % 7 / 50.0)) / 2)).ToArray())];

    private ScanResult Run(params (string Name, Array Values)[] columns) => Run(o => o, false, columns);

    private ScanResult Run(Func<ScanOptions, ScanOptions> change, params (string Name, Array Values)[] columns) => Run(change, false, columns);

    private ScanResult Run(Func<ScanOptions, ScanOptions> change, bool derived, params (string Name, Array Values)[] columns)
    {
        (string, Array) label = ("label", rows.Labels.Select(l => $"c{l}").ToArray()), pred = ("pred", rows.Predictions.Select(l => $"c{l}").ToArray());
        string path = Write(Count, derived ? [label, .. columns] : [label, pred, .. columns]);
        return GpuDiag.Analyses.Scan.Scan.Run(change(new ScanOptions { Inputs = [path], Device = "cpu" }), null, default).Result;
    }

    private string Write(int count, params (string Name, Array Values)[] columns)
    {
        string path = folder[$"{Guid.NewGuid():N}.parquet"];
        using ParquetFileWriter file = new(path, [.. columns.Select(c => new Column(c.Values.GetType().GetElementType()!, c.Name))]);
        for (int start = 0; start < count; start += 100)
        {
            using RowGroupWriter group = file.AppendRowGroup();
            foreach ((_, Array values) in columns)
            {
                using LogicalColumnWriter writer = group.NextColumn().LogicalWriter();
                writer.Apply(new Put(values, start, Math.Min(100, count - start)));
            }
        }

        file.Close();
        return path;
    }

    private sealed class Put(Array values, int start, int count) : ILogicalColumnWriterVisitor<bool>
    {
        public bool OnLogicalColumnWriter<TValue>(LogicalColumnWriter<TValue> columnWriter)
        {
            columnWriter.WriteBatch(((TValue[])values).AsSpan(start, count));
            return true;
        }
    }
}
