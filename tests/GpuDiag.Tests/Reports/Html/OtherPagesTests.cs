using GpuDiag.Reports.Html;
using GpuDiag.Tests.Analyses.Compare;
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
        PredictionFile.Write(folder.Root, "june.parquet", 1_100);
        Assert.Equal(0, Gpudiag.Run(folder.Root, "drift", "may.parquet", "june.parquet", "--out", "d", "--quiet").Code);
        await using var open = await Open("d");
        Assert.Contains("columns drifted between 400 rows before and 1\u202F100 now", await open.Page.InnerTextAsync("#section-verdict"), StringComparison.Ordinal);
        Assert.Contains("weather", await open.Page.InnerTextAsync("#section-columns"), StringComparison.Ordinal);
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task Compare_HasAPage()
    {
        PredictionFile.Write(folder.Root, "after.parquet");
        string[] classes = [.. Enumerable.Range(0, 400).Select(i => ((string[])["cat", "dog", "fox"])[i % 3])];
        string[] weather = [.. Enumerable.Range(0, 400).Select(i => i % 4 == 0 ? "fog" : "clear")];
        CompareFile.Write(folder["before.parquet"], ("id", Enumerable.Range(1000, 400).ToArray()), ("label", classes), ("pred", classes), ("weather", weather));
        Assert.Equal(0, Gpudiag.Run(folder.Root, "compare", "before.parquet", "after.parquet", "--out", "c", "--quiet").Code);
        await using var open = await Open("c");
        Assert.Contains("AFTER is surely worse", await open.Page.InnerTextAsync("#section-verdict"), StringComparison.Ordinal);
        Assert.Contains("weather", await open.Page.InnerTextAsync("#section-groups"), StringComparison.Ordinal);
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
