using GpuDiag.Analyses.Results;
using GpuDiag.Cli.Commands;
using GpuDiag.Reports;
using GpuDiag.Reports.Html;
using GpuDiag.Tests.Analyses.Compare;
using GpuDiag.Tests.Analyses.Mining;
using GpuDiag.Tests.Cli;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Reports.Html;

/// <summary>Pages of what other commands than scan leave, in a real browser.</summary>
public sealed class OtherPagesTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [BrowserFact]
    public async Task Drift_HasAPage()
    {
        PredictionFile.Write(folder.Root, "may.parquet", 400);
        PredictionFile.Write(folder.Root, "june.parquet", 900);
        PredictionFile.Write(folder.Root, "july.parquet", 1_100);
        Assert.Equal(0, Gpudiag.Run(folder.Root, "drift", "may.parquet", "june.parquet", "july.parquet", "--out", "d", "--quiet").Code);
        await using var open = await Open("d");
        Assert.Contains("columns drifted between 400 rows before and 1\u202F100 now", await open.Page.InnerTextAsync("#section-verdict"), StringComparison.Ordinal);
        Assert.Contains("weather", await open.Page.InnerTextAsync("#section-columns"), StringComparison.Ordinal);
        // Accuracy of the reference and both others, and what confidences let expect of these.
        Assert.Equal(3 + 2, await open.Page.Locator("#section-time figure").First.Locator("circle").CountAsync());
        Assert.Contains("june", await open.Page.InnerTextAsync("#section-time table"), StringComparison.Ordinal);
        Assert.Contains("july.parquet", await open.Page.InnerTextAsync("#section-provenance"), StringComparison.Ordinal);
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task Compare_HasAPage()
    {
        PredictionFile.Write(folder.Root, "after.parquet");
        string[] classes = [.. Enumerable.Range(0, 400).Select(i => ((string[])["cat", "dog", "fox"])[i % 3])];
        string[] weather = [.. Enumerable.Range(0, 400).Select(i => i % 4 == 0 ? "fog" : "clear")];
        CompareFile.Write(folder["before.parquet"], ("id", Enumerable.Range(1000, 400).ToArray()), ("label", classes), ("pred", classes), ("weather", weather));
        // Before nothing is wrong, so these cannot be mended.
        CompareFile.Write(folder["cases.parquet"], ("id", Enumerable.Range(1000, 10).ToArray()));
        Assert.Equal(0, Gpudiag.Run(folder.Root, "compare", "before.parquet", "after.parquet", "--cases", "cases.parquet", "--out", "c", "--quiet").Code);
        await using var open = await Open("c");
        Assert.Contains("AFTER is surely worse", await open.Page.InnerTextAsync("#section-verdict"), StringComparison.Ordinal);
        Assert.Contains("weather", await open.Page.InnerTextAsync("#section-groups"), StringComparison.Ordinal);
        Assert.Contains("BEFORE has none of the 10 cases wrong", await open.Page.InnerTextAsync("#section-cases"), StringComparison.Ordinal);
        Assert.Contains("--probs names them", await open.Page.InnerTextAsync("#section-metrics"), StringComparison.Ordinal);
        // 60 of 400 rows are wrong by the formula, and was right before.
        Assert.StartsWith("60 rows", await open.Page.InnerTextAsync("#section-rows .data .dim"), StringComparison.Ordinal);
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task Mine_HasAPage()
    {
        Assert.Equal(0, Gpudiag.Run(folder.Root, "demo", "--quiet", "--device", "cpu").Code);
        Assert.Equal(0, Gpudiag.Run(folder.Root, "mine", "--cases", "gpudiag-demo", "--pool", "gpudiag-demo/digits_test.parquet", "--budget", "12", "--out", "m", "--quiet").Code);
        await using var open = await Open("m");
        Assert.Contains("12 rows of a pool of 652", await open.Page.InnerTextAsync("#section-verdict"), StringComparison.Ordinal);
        Assert.Equal(12, await open.Page.Locator("#section-rows tbody tr").CountAsync());
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task Retrain_HasAPage()
    {
        ClassFile pool = new(60, 2, "p");
        new ClassFile(60, 1, "t").Write(folder["test.parquet"], "id label pred probs embedding");
        pool.Write(folder["pool.parquet"], "id embedding");
        new ClassFile(80, 3, "r").Write(folder["train.parquet"], "id label embedding");
        CompareFile.Write(folder["labels.parquet"], ("id", pool.Id), ("label", pool.Label));
        Assert.Equal(0, Gpudiag.Run(folder.Root, "retrain", "--train", "train.parquet", "--labels", "labels.parquet", "--pool", "pool.parquet", "--test", "test.parquet", "--out", "r", "--quiet").Code);
        await using var open = await Open("r");
        Assert.Contains("60 newly labelled ones", await open.Page.InnerTextAsync("#section-verdict"), StringComparison.Ordinal);
        Assert.True(await open.Page.Locator("#section-fit circle").CountAsync() > 1);
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task Loop_HasAPage()
    {
        Estimate accuracy = new(0.5, 0.25, 0.75);
        LoopStory story = new("out", 20, 20, 19, "failures", [("model", accuracy), ("head without", accuracy), ("head with", new(0.875, 0.75, 1))], (8, 3, 6), [new LoopSegment("weather", "fog", 12, accuracy, accuracy, accuracy)]);
        using (var file = File.Create(folder["loop.json"]))
            story.WriteJson(file, ["gpudiag scan test.parquet"]);
        using (var page = File.Create(folder["story.html"]))
            HtmlReport.Write(page, new ResultFiles(name => name == "summary.json" ? folder["loop.json"] : null), default);
        await using var open = await browser.Open(folder["story.html"]);
        Assert.Contains("19 of 20 mined rows are labelled: accuracy on the test data 50.0", await open.Page.InnerTextAsync("#section-verdict"), StringComparison.Ordinal);
        Assert.Contains("Of 8 failures that labels can mend", await open.Page.InnerTextAsync("#section-verdict"), StringComparison.Ordinal);
        Assert.Contains("weather = fog", await open.Page.InnerTextAsync("#section-segments"), StringComparison.Ordinal);
        Assert.Contains("gpudiag scan test.parquet", await open.Page.InnerTextAsync("#section-steps"), StringComparison.Ordinal);
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task History_HasAPage()
    {
        for (int night = 0; night < 3; night++)
        {
            Directory.CreateDirectory(folder[$"nightly/night-{night}"]);
            Estimate accuracy = new(0.9 - (0.1 * night), 0.88 - (0.1 * night), 0.92 - (0.1 * night));
            using var summary = File.Create(folder[$"nightly/night-{night}/summary.json"]);
            SummaryJson.Write(summary, SampleOutcome.Result with { Metrics = new Dictionary<string, Estimate>(SampleOutcome.Result.Metrics) { ["accuracy"] = accuracy } });
            using var run = File.Create(folder[$"nightly/night-{night}/run.json"]);
            RunJson.Write(run, SampleOutcome.Run with { Started = new(2026, 1, 1 + night, 3, 0, 0, TimeSpan.Zero) });
        }
        Assert.Equal(0, Gpudiag.Run(folder.Root, "history", "nightly", "--out", "trend", "--quiet").Code);
        byte[] page = File.ReadAllBytes(folder["trend/history.html"]);
        await using var open = await browser.Open(folder["trend/history.html"]);
        Assert.Contains("3 scans from 2026-01-01 03:00 to 2026-01-03 03:00 UTC", await open.Page.InnerTextAsync("#section-verdict"), StringComparison.Ordinal);
        Assert.Contains("Worse than in the scan before", await open.Page.InnerTextAsync("#section-verdict"), StringComparison.Ordinal);
        Assert.Equal(3, await open.Page.Locator("#section-time figure").First.Locator("circle").CountAsync());
        Assert.StartsWith("night-2", await open.Page.Locator("#section-runs tbody tr").First.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(open.Faults);
        Assert.Equal(0, Gpudiag.Run(folder.Root, "report", "trend", "--quiet").Code);
        Assert.Equal(page, File.ReadAllBytes(folder["trend/history.html"]));
    }

    [Fact]
    public void UnknownSummary_IsRefusedByName()
    {
        File.WriteAllText(folder["summary.json"], """{"schema": "gpudiag/other/9"}""");
        var fault = Assert.Throws<InputException>(() => ScanFiles.Page(folder.Root));
        Assert.Contains("gpudiag/other/9", fault.Message, StringComparison.Ordinal);
    }

    private async Task<OpenPage> Open(string results)
    {
        Assert.Equal(0, Gpudiag.Run(folder.Root, "report", results, "--quiet").Code);
        return await browser.Open(Path.Combine(folder.Root, results, HtmlReport.FileName));
    }
}
