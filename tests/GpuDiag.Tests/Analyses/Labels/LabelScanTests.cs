using System.Text;
using System.Text.Json;
using GpuDiag.Analyses.Labels;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Labels;

public sealed class LabelScanTests : IDisposable
{
    private static readonly float[][] Sure = [[.9f, .05f, .05f], [.05f, .9f, .05f], [.05f, .05f, .9f]];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void FlippedLabels_AreFound()
    {
        (LabelTable table, long[] flipped) = LabelTable.Flipped(3000, 5, 0.06, 1);
        ScanOutcome outcome = Run(table);
        LabelIssueResult issues = outcome.Result.LabelIssues!;
        Assert.Subset(flipped.ToHashSet(), issues.Rows.ToHashSet());
        Assert.InRange(issues.Count, 0.97 * flipped.Length, flipped.Length);
        Assert.Equal(issues.Count, issues.Errors);
        Assert.InRange((double)flipped.Length / 3000, issues.NoiseRate.Low!.Value, issues.NoiseRate.High!.Value);
        Assert.Equal(1, issues.CorrectedAccuracy.Value!.Value, 2);
        Assert.All(outcome.Rows.Where(r => r.LabelIssue == true), r => Assert.Equal(r.Pred, r.SuggestedLabel));
        Finding finding = Assert.Single(outcome.Result.Findings, f => f.Code == "labels.issues");
        Assert.Equal(("high", issues.Count), (finding.Severity, finding.Rows));
        Assert.Equal(issues.Count / 3000.0, finding.Gain.Value!.Value, 12);
    }

    [Fact]
    public void NoiseRates_CoverTheTruthPerClass()
    {
        (LabelTable table, long[] flipped) = LabelTable.Flipped(6000, 4, 0.1, 2);
        LabelIssueResult issues = Run(table).Result.LabelIssues!;
        Assert.All(issues.Classes, c => Assert.InRange(0.1, c.NoiseRate.Low!.Value - 0.02, c.NoiseRate.High!.Value + 0.02));
        Assert.All(issues.Classes, c => Assert.InRange(0.1, c.InverseNoiseRate.Low!.Value - 0.02, c.InverseNoiseRate.High!.Value + 0.02));
        Assert.Equal(1, issues.Joint.Sum(c => c.Share), 1e-12);
        Assert.Equal(issues.Count, issues.Classes.Sum(c => c.Issues));
        Assert.InRange(issues.Count, 0.97 * flipped.Length, flipped.Length);
    }

    [Fact]
    public void RowsTable_ShowsTheWorstIssuesWithoutAnEmbedding()
    {
        (LabelTable table, _) = LabelTable.Flipped(2000, 3, 0.1, 3);
        ScanOutcome outcome = Run(table, o => o with { MaxRows = 50 });
        Assert.Equal(50, outcome.Rows.Count());
        Assert.Superset(outcome.Result.LabelIssues!.Rows.Take(10).ToHashSet(), outcome.Rows.Select(r => r.Row).ToHashSet());
        Assert.All(outcome.Rows, r => Assert.NotNull(r.LabelQuality));
    }

    [Fact]
    public void RowsThatCannotBeJudged_AreLeftOut()
    {
        LabelTable table = new();
        for (int i = 0; i < 60; i++)
        {
            table.Add("abc"[i % 3].ToString(), Sure[i % 3]);
        }

        table.Add(null, Sure[0]);
        table.Add("a", null);
        table.Add("a", [float.NaN, .9f, .1f]);
        table.Add("a", [.05f, 1.5f, .05f]);
        ScanOutcome outcome = Run(table, o => o with { AllRows = true });
        LabelIssueResult issues = outcome.Result.LabelIssues!;
        Assert.Equal((60, 0), (issues.Judged, issues.Count));
        Assert.Equal([.. Enumerable.Range(60, 4).Select(i => (long)i)], outcome.Rows.Where(r => r.LabelIssue is null).Select(r => r.Row));
        Assert.All(outcome.Rows.Skip(60), r => Assert.Null(r.LabelQuality));
    }

    [Fact]
    public void Issues_AnswerForEveryRow()
    {
        IssueRow Row(long row, int suggested) => new(row, 1, 2, suggested, true, 0.5, 1, row / 1000.0);
        LabelIssues issues = new(200, [Row(0, 2), Row(63, 3), Row(64, 4), Row(199, 5)]);
        Assert.Equal([0, 63, 64, 199], Enumerable.Range(0, 200).Where(r => issues.IsIssue(r)));
        Assert.Equal([2, 3, 4, 5, 0], new long[] { 0, 63, 64, 199, 100 }.Select(issues.Suggested));
        Assert.Equal(0.063, issues.Find(63)!.Value.Quality);
        Assert.Null(issues.Find(1));
    }

    [Fact]
    public void ManyClasses_HaveASparseJoint()
    {
        (LabelTable table, long[] flipped) = LabelTable.Flipped(3000, 150, 0.05, 4);
        ScanOutcome outcome = Run(table);
        JsonElement issues = Summary(outcome.Result).GetProperty("label_issues");
        Assert.Equal(JsonValueKind.Null, issues.GetProperty("joint").ValueKind);
        Assert.Equal(1, issues.GetProperty("joint_cells").EnumerateArray().Sum(c => c[2].GetDouble()), 1e-9);
        Assert.InRange(outcome.Result.LabelIssues!.Rows.Intersect(flipped).Count(), 0.6 * flipped.Length, flipped.Length);
    }

    [Fact]
    public void NoProbabilities_NoSection()
    {
        LabelTable table = new();
        table.Add("a", null);
        Assert.Equal(JsonValueKind.Null, Summary(SampleWithout(table)).GetProperty("label_issues").ValueKind);
    }

    [Theory]
    [InlineData("one class")]
    [InlineData("a class with one row")]
    [InlineData("two rows")]
    [InlineData("all right")]
    [InlineData("all wrong")]
    [InlineData("no row is judged")]
    [InlineData("certain rows")]
    [InlineData("uniform rows")]
    public void OddData_GivesFiguresOrNulls(string what)
    {
        LabelTable table = new();
        for (int i = 0; i < (what == "two rows" ? 2 : 40); i++)
        {
            int label = i % 3, predicted = what == "all wrong" ? (i + 1) % 3 : label;
            float[] probs = what switch
            {
                "one class" => [1],
                "certain rows" => [.. Enumerable.Range(0, 3).Select(k => k == predicted ? 1f : 0)],
                "uniform rows" => [1 / 3f, 1 / 3f, 1 / 3f],
                _ => Sure[predicted],
            };
            label = what switch { "one class" => 0, "a class with one row" => i == 0 ? 2 : label % 2, _ => label };
            table.Add(what == "no row is judged" ? null : "abc"[label].ToString(), probs);
        }

        foreach (LabelFilter filter in Enum.GetValues<LabelFilter>())
        {
            LabelScore score = (LabelScore)((int)filter % 3);
            ScanOutcome outcome = Run(table, o => o with { LabelFilter = filter, LabelScore = score, Classes = what == "one class" ? ["a"] : ["a", "b", "c"], AllRows = true });
            string json = Text(outcome.Result);
            Assert.DoesNotContain("NaN", json, StringComparison.Ordinal);
            LabelIssueResult issues = outcome.Result.LabelIssues!;
            Assert.All(outcome.Rows, r => Assert.InRange(r.LabelQuality ?? 0, 0, 1));
            foreach (Estimate e in issues.Classes.SelectMany(c => new[] { c.NoiseRate, c.InverseNoiseRate }).Append(issues.NoiseRate).Append(issues.CorrectedAccuracy))
            {
                Assert.InRange(e.Value ?? 0, e.Low ?? 0, e.High ?? 1);
            }

            Assert.Equal(what is "all right" or "certain rows" or "one class" or "no row is judged" or "two rows" ? 0 : issues.Count, issues.Count);
        }
    }

    private static ScanResult SampleWithout(LabelTable table) => Reports.SampleOutcome.Result with { Rows = table.Count, LabelIssues = null };

    private static JsonElement Summary(ScanResult result) => JsonDocument.Parse(Text(result)).RootElement;

    private static string Text(ScanResult result)
    {
        using MemoryStream stream = new();
        SummaryJson.Write(stream, result);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private ScanOutcome Run(LabelTable table, Func<ScanOptions, ScanOptions>? change = null)
    {
        string path = folder[$"{Guid.NewGuid():N}.parquet"];
        ScanOptions options = new() { Inputs = [table.Write(path, 701)], Device = "cpu", Segments = ["none"], Threads = 2 };
        ScanOutcome outcome = GpuDiag.Analyses.Scan.Scan.Run(change is null ? options : change(options), null, default);
        return outcome with { Rows = [.. outcome.Rows] };
    }
}
