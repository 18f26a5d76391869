using GpuDiag.Reports.Tables;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Reports.Html;

/// <summary>Curves of ROC and precision–recall in a real browser.</summary>
public sealed class CurvesTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [BrowserFact]
    public async Task Curves_AreOfTheWorstClassesOrOfTheOneChosen()
    {
        string[] classes = [.. Enumerable.Range(0, 9).Select(c => $"class {c}")];
        PagePredictions.Write(folder.Root, classes, 900, probabilities: true);
        using (var file = File.Create(folder["curves.parquet"]))
        {
            new Table<int>().Text("curve", i => i < 99 ? "roc" : "pr").Text("class", i => classes[i % 9]).Value("x", i => i % 99 / 9 / 10.0)
                .Value("y", i => i < 99 ? Math.Sqrt(i / 9 / 10.0) : 1 - (i % 99 / 9 / 20.0)).Optional("threshold", _ => (double?)null).Write(file, Enumerable.Range(0, 198), default);
        }
        await using var open = await browser.Open(PagePredictions.Page(folder.Root));
        Assert.Equal(2 * 6, await open.Page.Locator("#section-metrics .split .split .line, #section-metrics > .split .line").CountAsync() - 1); // One is the reliability curve.
        await open.Page.SelectOptionAsync("select[aria-label=class]", "class 3");
        Assert.Equal(2, await open.Page.Locator("#section-metrics > .split .line").CountAsync() - 1);
        string points = (await open.Page.Locator("svg[aria-label^='ROC curve'] .line").GetAttributeAsync("points"))!;
        // From the lower left corner to the upper right one.
        Assert.StartsWith("46.0,280.0 ", points, StringComparison.Ordinal);
        Assert.EndsWith("408.0,10.0", points, StringComparison.Ordinal);
        Assert.Empty(open.Faults);
    }
}
