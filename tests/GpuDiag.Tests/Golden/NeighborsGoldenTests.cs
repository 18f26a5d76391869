using System.Text.Json.Nodes;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Meta;
using ParquetSharp;

namespace GpuDiag.Tests.Golden;

/// <summary>What neighbours say of rows agrees with scikit-learn's neighbours and the formulas of tools/peers/make_neighbors_golden.py.</summary>
public sealed class NeighborsGoldenTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gpudiag-golden-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("digits", 0)]
    [InlineData("digits", 1)]
    [InlineData("random", 0)]
    [InlineData("random", 1)]
    public void Neighbors_AgreeWithScikitLearn(string name, int which)
    {
        string data = Path.Combine(Repository.Root, "tests", "GpuDiag.Tests", "Golden", "data", $"neighbors_{name}");
        JsonNode golden = JsonNode.Parse(File.ReadAllText(data + ".json"))!;
        JsonNode expected = golden["cases"]![which]!;
        ScanOutcome outcome = Scan.Run(
            new ScanOptions
            {
                Inputs = [Write(golden)],
                Embedding = data + ".npy",
                Neighbors = (int)expected["k"]!,
                Metric = (string)expected["metric"]! == "cosine" ? VectorMetric.Cosine : VectorMetric.L2,
                Device = "cpu",
                AllRows = true,
            },
            progress: null,
            CancellationToken.None);

        RowResult[] rows = [.. outcome.Rows];
        Near((double)expected["median"]!, outcome.Result.Outliers!.MedianDistance);
        Near((double)expected["threshold"]!, outcome.Result.Outliers.Threshold);
        Near((double)expected["near_threshold"]!, outcome.Result.Duplicates!.NearThreshold);
        Assert.Equal(Values<bool>(expected, "outlier"), rows.Select(r => r.Outlier!.Value));
        Assert.Equal(Groups(Values<int?>(expected, "duplicate_set").Select(s => (long?)s)), Groups(rows.Select(r => r.DuplicateSet)));
        foreach ((string column, Func<RowResult, double?> value) in new (string, Func<RowResult, double?>)[]
        {
            ("score", r => r.OutlierScore), ("label_agreement", r => r.LabelAgreement), ("pred_agreement", r => r.PredAgreement), ("shapley", r => r.Shapley),
        })
        {
            Assert.All(Values<double>(expected, column).Zip(rows), pair => Near(pair.First, value(pair.Second)));
        }

        // The values of all rows share out what the neighbours' votes are worth.
        Near(outcome.Result.Neighbors!.LabelAgreement!.Value, rows.Sum(r => r.Shapley));
    }

    private static void Near(double expected, double? actual) => Assert.Equal(expected, actual!.Value, 1e-9);

    private static T[] Values<T>(JsonNode node, string name) => [.. node[name]!.AsArray().Select(v => v is null ? default! : v.GetValue<T>())];

    /// <summary>Rows of one set, whatever the sets are called.</summary>
    private static string[] Groups(IEnumerable<long?> sets) =>
        [.. sets.Select((set, row) => (set, row)).Where(s => s.set is not null).GroupBy(s => s.set).Select(g => string.Join(' ', g.Select(s => s.row)))];

    private string Write(JsonNode golden)
    {
        string path = Path.Combine(folder, "rows.parquet");
        using ParquetFileWriter file = new(path, [new Column<int>("label"), new Column<int>("pred")]);
        using RowGroupWriter group = file.AppendRowGroup();
        foreach (string column in (string[])["label", "pred"])
        {
            using LogicalColumnWriter<int> writer = group.NextColumn().LogicalWriter<int>();
            writer.WriteBatch(Values<int>(golden, column));
        }

        file.Close();
        return path;
    }
}
