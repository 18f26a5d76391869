using GpuDiag.Analyses.Results;
using GpuDiag.Reports;
using GpuDiag.Reports.History;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Reports;

public sealed class HistoryTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Runs_AreFoundBelowAFolderOldestFirstAndOnce()
    {
        Write("b", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Write("c/deep", new DateTimeOffset(2026, 1, 1, 3, 0, 0, TimeSpan.FromHours(5)));
        Directory.CreateDirectory(folder["knn"]);
        File.WriteAllText(folder["knn/summary.json"], "{\"schema\": \"gpudiag/knn/1\"}");
        var runs = PastRuns.Read([folder.Root, folder["b"]]);
        Assert.Equal(["deep", "b"], runs.Select(r => Path.GetFileName(r.Folder)));
        Assert.Equal(SampleOutcome.Result.Rows, runs[0].Rows);
        Assert.Equal(SampleOutcome.Result.Metrics["accuracy"].Value, runs[0].Metric("accuracy").Value);
        Assert.Equal(1, runs[0].Skipped);
    }

    [Fact]
    public void Faults_NameTheFolder()
    {
        Assert.Contains("no such folder", Assert.Throws<InputException>(() => PastRuns.Read([folder["none"]])).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(folder["empty"]);
        Assert.Contains("holds no result", Assert.Throws<InputException>(() => PastRuns.Read([folder["empty"]])).Message, StringComparison.Ordinal);
        File.WriteAllText(folder["empty/summary.json"], "{\"schema\": \"gpudiag/summary/1\", \"rows\": \"many\"}");
        Assert.Contains("summary.json", Assert.Throws<InputException>(() => PastRuns.Read([folder["empty"]])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accuracy", 0.80, 0.84, "worse")]
    [InlineData("accuracy", 0.91, 0.95, "better")]
    [InlineData("accuracy", 0.84, 0.86, null)]
    [InlineData("log_loss", 0.80, 0.84, "better")]
    [InlineData("log_loss", 0.91, 0.95, "worse")]
    public void Verdict_NeedsIntervalsApart(string metric, double low, double high, string? expected)
        => Assert.Equal(expected, HistoryText.Verdict(metric, new Estimate(0.87, 0.85, 0.90), new Estimate((low + high) / 2, low, high)));

    [Fact]
    public void Verdict_OfAMetricThatIsNewIsNone() => Assert.Null(HistoryText.Verdict("accuracy", default, new Estimate(0.5, 0.4, 0.6)));

    [Fact]
    public void Text_ShowsTheLatestRunsAndTheChange()
    {
        PastRun[] runs = [.. new[] { 0.9, 0.91, 0.7 }.Select((a, i) => new PastRun($"night-{i}", DateTimeOffset.UnixEpoch.AddDays(i), "1", 1000, [KeyValuePair.Create("accuracy", new Estimate(a, a - 0.02, a + 0.02))], null, null,
            new Dictionary<string, int> { ["high"] = i, ["medium"] = 0, ["low"] = 0 }, 0))];
        using var text = new StringWriter();
        new HistoryText(text, new Palette(false)).Write(runs, 2);
        Assert.Contains("3 runs, 1970-01-01 00:00 to 1970-01-03 00:00 UTC", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("… 1 before", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("night-0", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("0.9000    0.9100    0.7000   -0.2100   ██▁  worse", text.ToString(), StringComparison.Ordinal);
    }

    private void Write(string name, DateTimeOffset started)
    {
        Directory.CreateDirectory(folder[name]);
        using var summary = File.Create(folder[name + "/summary.json"]);
        SummaryJson.Write(summary, SampleOutcome.Result);
        using var run = File.Create(folder[name + "/run.json"]);
        RunJson.Write(run, SampleOutcome.Run with { Started = started });
    }
}
