using System.Text.RegularExpressions;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Reports.Html;

/// <summary>The page in a real browser: it shows what it should, does what it should, asks for nothing and runs nothing but itself.</summary>
public sealed class PageTests(Browser browser, DemoPage demo) : IClassFixture<Browser>, IClassFixture<DemoPage>, IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [BrowserFact]
    public async Task Demo_ShowsEverySection()
    {
        await using var open = await browser.Open(demo.Path);
        foreach (string section in (string[])["verdict", "metrics", "where", "map", "rows", "provenance"])
            Assert.True((await open.Page.InnerTextAsync($"#section-{section}")).Length > 40, section);
        string verdict = await open.Page.InnerTextAsync("#section-verdict");
        Assert.Contains("The model is right on 87.1\u00A0% of 652 rows", verdict, StringComparison.Ordinal);
        Assert.Contains("45 labels are likely wrong", verdict, StringComparison.Ordinal);
        Assert.Equal(10 * 10, await open.Page.Locator(".cells .cell").CountAsync());
        Assert.InRange(await open.Page.Locator("#section-metrics svg.chart").CountAsync(), 1, 3);
        // The parts of the bar of causes sum to all errors.
        var parts = await open.Page.Locator(".stack .part").EvaluateAllAsync<int[]>("all => all.map(p => Number(p.style.flexGrow))");
        Assert.Equal(84, parts.Sum());
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task Filters_HoldForTheWholePageAndStandInTheAddress()
    {
        await using var open = await browser.Open(demo.Path);
        await open.Page.SelectOptionAsync("select[aria-label=class]", "one");
        await open.Page.SelectOptionAsync("select[aria-label=prediction]", "nine");
        Assert.Equal(["one→nine"], (await Claims(open)).Distinct());
        Assert.Equal(10, (await Claims(open)).Count);
        await open.Address(url => url.Contains("label=one&pred=nine", StringComparison.Ordinal));
        await open.Page.ClickAsync(".filters button:text('Clear')");
        await open.Address(url => !url.Contains("label", StringComparison.Ordinal));
        Assert.True((await Claims(open)).Distinct().Count() > 10);
        Assert.Empty(open.Faults);
    }

    [BrowserTheory]
    [InlineData("#label=one&pred=nine", 10)]
    [InlineData("#cause=ambiguous", 17)]
    [InlineData("#select=label_issue", 45)]
    [InlineData("#select=not%20correct", 84)]
    [InlineData("#select=failing_segments%20like%20'%25slant%3Done*left%25'", 18)]
    [InlineData("#select=label%20%3D%20'eight'%20and%20pred%20%3D%20'one'", 8)]
    [InlineData("#rows=3.5", 2)]
    [InlineData("#confidence=2-1", 89)] // No such range: no filter.
    [InlineData("#select=drop%20table", 0)] // No expression of ours: no row, rather than all.
    public async Task Address_GivesTheViewAgain(string hash, int rows)
    {
        await using var open = await browser.Open(demo.Path, hash);
        Assert.Contains($"{rows} rows", await open.Page.InnerTextAsync("#section-rows"), StringComparison.Ordinal);
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task Row_OpensInFullFromTheAddressAndByKeys()
    {
        await using var open = await browser.Open(demo.Path, "#row=159");
        string text = await open.Page.InnerTextAsync("dialog[open]");
        Assert.Contains("digit-1179", text, StringComparison.Ordinal);
        Assert.Contains("Nearest rows of the embedding", text, StringComparison.Ordinal);
        await open.Page.Keyboard.PressAsync("ArrowRight");
        await open.Address(url => !url.Contains("row=159", StringComparison.Ordinal));
        Assert.DoesNotContain("digit-1179:", await open.Page.InnerTextAsync("dialog[open]"), StringComparison.Ordinal);
        await open.Page.Keyboard.PressAsync("Escape");
        Assert.Equal(0, await open.Page.Locator("dialog[open]").CountAsync());
        await open.Address(url => !url.Contains("row=", StringComparison.Ordinal));
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task Findings_GoToTheirRows()
    {
        await using var open = await browser.Open(demo.Path);
        await open.Page.ClickAsync(".actions button:text('Show the rows') >> nth=0");
        await open.Address(url => url.Contains("select=cause", StringComparison.Ordinal));
        Assert.Equal(22, (await Claims(open)).Count);
        await open.Page.ClickAsync(".stack .part >> nth=0");
        await open.Address(url => url.Contains("cause=label_error", StringComparison.Ordinal));
        await open.Page.ClickAsync(".cells .cell[title^='one taken for three']");
        Assert.Equal(["one→three"], (await Claims(open)).Distinct());
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task Tables_SortByColumnAndSearch()
    {
        await using var open = await browser.Open(demo.Path);
        var table = open.Page.Locator(".data", new() { Has = open.Page.Locator("caption:text('segments')") });
        await table.Locator("th button:text('Errors')").ClickAsync();
        int[] errors = [.. (await table.Locator("tbody td:nth-child(3)").AllInnerTextsAsync()).Select(int.Parse)];
        Assert.Equal(errors.OrderDescending(), errors);
        Assert.Equal("descending", await table.Locator("th >> nth=2").GetAttributeAsync("aria-sort"));
        await table.Locator("th button:text('Errors')").ClickAsync();
        Assert.Equal("ascending", await table.Locator("th >> nth=2").GetAttributeAsync("aria-sort"));
        await table.Locator("input").FillAsync("stroke");
        Assert.All(await table.Locator("tbody td:nth-child(1)").AllInnerTextsAsync(), t => Assert.Contains("stroke", t, StringComparison.Ordinal));
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task Rows_AreSavedAsTheyAreFiltered()
    {
        await using var open = await browser.Open(demo.Path, "#label=one&pred=nine");
        var download = await open.Page.RunAndWaitForDownloadAsync(() => open.Page.ClickAsync("button:text('Save these rows as CSV')"));
        await download.SaveAsAsync(folder["rows.csv"]);
        string[] lines = await File.ReadAllLinesAsync(folder["rows.csv"]);
        Assert.StartsWith("row,id,split,label,pred", lines[0], StringComparison.Ordinal);
        Assert.Equal(11, lines.Length);
        Assert.All(lines[1..], l => Assert.Matches(@"^\d+,digit-\d+,test,one,nine,", l));
        Assert.Empty(open.Faults);
    }

    [BrowserTheory]
    [InlineData(800)]
    [InlineData(1280)]
    public async Task HostileNames_AreShownAsTextAndKeepTheLayout(int width)
    {
        string page = PagePredictions.Write(folder.Root, PagePredictions.HostileNames, 2_000);
        await using var open = await browser.Open(page, width: width);
        var names = await open.Page.Locator(".cells >> nth=0").Locator("tbody th").AllInnerTextsAsync();
        Assert.Contains("<script>alert(1)</script>", names);
        Assert.Contains("two lines and tab", names);
        Assert.Contains("(empty)", names);
        Assert.Equal(PagePredictions.HostileNames.Length, names.Count);
        Assert.InRange(await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"), -20, 0);
        await open.Page.ClickAsync(".case >> nth=0");
        await open.Page.Keyboard.PressAsync("Escape");
        var download = await open.Page.RunAndWaitForDownloadAsync(() => open.Page.ClickAsync("button:text('Save these rows as CSV')"));
        await download.SaveAsAsync(folder["rows.csv"]);
        string csv = await File.ReadAllTextAsync(folder["rows.csv"]);
        Assert.DoesNotMatch(new Regex(@"(^|,)=", RegexOptions.Multiline), csv);
        Assert.Contains("'=row", csv, StringComparison.Ordinal);
        Assert.Empty(open.Faults);
    }

    [BrowserTheory]
    [InlineData(800)]
    [InlineData(1280)]
    public async Task LongNames_AreToldApartAndKeepTheLayout(int width)
    {
        string page = PagePredictions.Write(folder.Root, [.. Enumerable.Range(0, 30).Select(c => $"a vehicle, or what the annotators of the second round of labelling took for one, of the type {c:00}")], 600);
        await using var open = await browser.Open(page, width: width);
        var table = open.Page.Locator(".data", new() { Has = open.Page.Locator("caption:text('classes')") });
        var names = await table.Locator("tbody td:first-child").AllInnerTextsAsync();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, n => Assert.Matches(@"^a vehicle.*….*type \d\d$", n));
        Assert.Equal(0, await table.Locator(".scroll").EvaluateAsync<int>("e => e.scrollWidth - e.clientWidth"));
        Assert.All(await open.Page.Locator(".case .claims").AllInnerTextsAsync(), c => Assert.Matches(@"…[^→]*\d\d → .*…[^→]*\d\d$", c));
        Assert.Empty(open.Faults);
    }

    [BrowserTheory]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task ConfusionMatrix_IsReadableAtAnyNumberOfClasses(int classes)
    {
        string page = PagePredictions.Write(folder.Root, [.. Enumerable.Range(0, classes).Select(c => $"a class with a long name {c:0000}")], 20 * classes, probabilities: classes == 2);
        await using var open = await browser.Open(page);
        if (classes == 2)
        {
            Assert.Equal(4, await open.Page.Locator(".cells .cell").CountAsync());
        }
        else
        {
            // Errors are a few pixels of many: the picture must show them.
            int orange = await open.Page.Locator("canvas.heat").EvaluateAsync<int>("c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 60 && d[i] > d[i + 2] + 40) n++; return n; }");
            Assert.InRange(orange, classes, 500_000);
            await open.Page.FocusAsync("canvas.heat");
            await open.Page.Keyboard.PressAsync("ArrowRight");
            Assert.Matches(@"^a class with a long name \d{4} taken for a class with a long name \d{4}: ", await open.Page.InnerTextAsync(".told"));
            Assert.InRange(await open.Page.Locator(".blocks .card").CountAsync(), 1, 6);
        }
        Assert.Empty(open.Faults);
    }

    private static async Task<IReadOnlyList<string>> Claims(OpenPage open)
        => [.. (await open.Page.Locator(".case .claims").AllInnerTextsAsync()).Select(t => t.Replace(" ", "", StringComparison.Ordinal))];
}
