using System.Text.Json.Nodes;
using GpuDiag.Analyses.Labels;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Engine.Labels;
using GpuDiag.Tests.Algebra;
using GpuDiag.Tests.Columns;
using GpuDiag.Tests.Laws;
using ParquetSharp;

namespace GpuDiag.Tests.Golden;

/// <summary>Confident learning as an independent numpy implementation has it (tools/peers/make_labels_golden.py).</summary>
public sealed class LabelsGoldenTests : IDisposable
{
    private static readonly JsonArray Golden = JsonNode.Parse(GoldenData.Bytes("labels.json"))!.AsArray();

    private readonly TempFolder folder = new();

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Golden.Count)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Joint_IsThatOfThePeer(int number)
    {
        JsonNode golden = Golden[number]!;
        ConfidentJointState state = State(golden);
        JointEstimate joint = new(state);
        int classes = joint.Classes;
        long[,] raw = new long[classes, classes], calibrated = new long[classes, classes];
        double[,] shares = new double[classes, classes];
        foreach ((int given, int guess, long count) in state.Cells())
        {
            raw[given, guess] = count;
        }

        foreach (JointCell cell in joint.Cells)
        {
            calibrated[cell.Given, cell.True] = cell.Calibrated;
            shares[cell.Given, cell.True] = joint.Share(cell);
        }

        Assert.Equal(Numbers(golden["raw"]!), raw.Cast<long>().Select(n => (double)n));
        Assert.Equal(Numbers(golden["cj"]!), calibrated.Cast<long>().Select(n => (double)n));
        Assert.All(Numbers(golden["joint"]!).Zip(shares.Cast<double>()), p => Assert.Equal(p.First, p.Second, 1e-12));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryFilter_FlagsTheRowsOfThePeer(int number)
    {
        JsonNode golden = Golden[number]!;
        string path = Write(golden, number);
        foreach (LabelFilter filter in Enum.GetValues<LabelFilter>())
        {
            long[] expected = [.. golden[LabelNames.Of(filter)]!.AsArray().Select(r => (long)r!)];
            LabelIssueResult issues = Scan(path, golden, o => o with { LabelFilter = filter }).Result.LabelIssues!;
            Assert.Equal(LabelNames.Of(filter), issues.Filter);
            Assert.Equal(expected, issues.Rows.Order());
            Assert.Equal(expected.Length, issues.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryScore_IsThatOfThePeer(int number)
    {
        JsonNode golden = Golden[number]!;
        string path = Write(golden, number);
        foreach (LabelScore score in Enum.GetValues<LabelScore>())
        {
            double[] expected = Numbers(golden[$"score_{LabelNames.Of(score)}"]!);
            ScanOutcome outcome = Scan(path, golden, o => o with { LabelScore = score, AllRows = true });
            RowResult[] rows = [.. outcome.Rows];
            Assert.All(rows, row => Assert.Equal(expected[row.Row], row.LabelQuality!.Value, 1e-9));
            Assert.Equal(outcome.Result.LabelIssues!.Rows.Order(), rows.Where(r => r.LabelIssue == true).Select(r => r.Row));
            long[] worst = [.. rows.Where(r => r.LabelIssue == true).OrderBy(r => r.LabelQuality).ThenBy(r => r.Row).Select(r => r.Row)];
            Assert.Equal(worst, outcome.Result.LabelIssues!.Rows);
        }
    }

    private static double[] Numbers(JsonNode node) => node is JsonArray array ? [.. array.SelectMany(n => Numbers(n!))] : [(double)node];

    private static ScanOutcome Scan(string path, JsonNode golden, Func<ScanOptions, ScanOptions> change)
    {
        string[] names = [.. Enumerable.Range(0, (int)golden["classes"]!).Select(k => $"class {k}")];
        ScanOptions options = new() { Inputs = [path], Device = "cpu", Segments = ["none"], Threads = 2, Classes = names };
        ScanOutcome outcome = GpuDiag.Analyses.Scan.Scan.Run(change(options), null, default);
        return outcome with { Rows = [.. outcome.Rows] };
    }

    private static ConfidentJointState State(JsonNode golden)
    {
        int classes = (int)golden["classes"]!;
        double[] probabilities = [.. Numbers(golden["probs"]!).Select(p => (double)(float)p)];
        int[] labels = [.. Numbers(golden["label"]!).Select(y => (int)y)];
        SelfConfidence means = new(classes);
        for (int r = 0; r < labels.Length; r++)
        {
            means.Add(labels[r], probabilities[(r * classes) + labels[r]]);
        }

        ProbabilityRows table = new(classes, labels.Length, IsDouble: false, probabilities, [.. labels.Select(y => $"c{(y + 3) % classes}")], new string?[labels.Length]);
        ProbabilityRun run = table.Prepare(1);
        ConfidentJointPlan plan = run.ConfidentJoint(1) with { Least = means.Least() };
        return FoldLaw.Run(() => LawBackends.Of("cpu 512").ConfidentJoint(plan), labels.Length, [31], 2, run.ConfidentJointBatch);
    }

    private string Write(JsonNode golden, int number)
    {
        int classes = (int)golden["classes"]!;
        float[] probabilities = [.. Numbers(golden["probs"]!).Select(p => (float)p)];
        string path = folder[$"{number}.parquet"];
        using ParquetFileWriter file = new(path, [new Column<int>("label"), new Column<float[]>("probs")]);
        int[] labels = [.. Numbers(golden["label"]!).Select(y => (int)y)];
        for (int start = 0; start < labels.Length; start += 70)
        {
            int[] part = labels[start..Math.Min(labels.Length, start + 70)];
            using RowGroupWriter group = file.AppendRowGroup();
            using (LogicalColumnWriter<int> column = group.NextColumn().LogicalWriter<int>())
            {
                column.WriteBatch(part);
            }

            using LogicalColumnWriter<float[]> matrix = group.NextColumn().LogicalWriter<float[]>();
            matrix.WriteBatch([.. part.Select((_, i) => probabilities[((start + i) * classes)..((start + i + 1) * classes)])]);
        }

        file.Close();
        return path;
    }
}
