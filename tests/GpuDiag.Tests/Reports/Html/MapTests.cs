using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Reports.Html;

/// <summary>The map in a real browser: drawn, moved, coloured, selected from; and what the page counts of its points.</summary>
public sealed class MapTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private const int Rows = 2_000;

    private static readonly string[] Classes = ["ant", "bee", "cat"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [BrowserFact]
    public async Task Lasso_SelectsRowsAndSavesTheirIds()
    {
        await using var open = await OpenMap();
        await open.Page.ClickAsync("button:text('Select with a lasso')");
        await open.Page.Locator("canvas.points").EvaluateAsync("c => c.scrollIntoView({ block: 'center' })");
        var box = (await open.Page.Locator("canvas.points").BoundingBoxAsync())!;
        float middle = box.X + (box.Width / 2);
        await Drag(open, [(box.X + 20, box.Y + 20), (middle, box.Y + 20), (middle, box.Y + box.Height - 20), (box.X + 20, box.Y + box.Height - 20)]);
        // The grid's left half.
        Assert.Contains($"1\u202F000 of 2\u202F000 rows", await open.Page.InnerTextAsync(".filters output"), StringComparison.Ordinal);
        var download = await open.Page.RunAndWaitForDownloadAsync(() => open.Page.ClickAsync("button:text('Save selected ids as CSV')"));
        await download.SaveAsAsync(folder["chosen.csv"]);
        string[] lines = await File.ReadAllLinesAsync(folder["chosen.csv"]);
        Assert.Equal("row,id,label,pred", lines[0]);
        Assert.Equal(Enumerable.Range(0, Rows).Where(i => i % 100 < 50), lines[1..].Select(l => int.Parse(l.Split(',')[0])));
        await open.Page.ClickAsync(".chip");
        Assert.Equal("", await open.Page.InnerTextAsync(".filters output"));
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task SmallSelection_StandsInTheAddress()
    {
        await using var open = await OpenMap();
        await open.Page.FocusAsync("canvas.points");
        for (int i = 0; i < 9; i++)
            await open.Page.Keyboard.PressAsync("+");
        await open.Page.ClickAsync("button:text('Select what is in view')");
        int chosen = await open.Page.EvaluateAsync<int>("new URLSearchParams(location.hash.slice(1)).get('rows').split('.').length");
        Assert.InRange(chosen, 2, 300);
        Assert.StartsWith($"{chosen} of 2\u202F000 rows", await open.Page.InnerTextAsync(".filters output"), StringComparison.Ordinal);
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task Points_AreColouredByEveryColumn()
    {
        await using var open = await OpenMap();
        foreach (string way in (string[])["cause", "class", "prediction", "cluster", "confidence", "split", "time", "right or wrong"])
        {
            await open.Page.SelectOptionAsync("select[aria-label='Colour points by']", way);
            Assert.NotEqual("", await open.Page.InnerTextAsync("#section-map .legend"));
        }
        await open.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        int[] seen = await open.Page.Locator("canvas.points").EvaluateAsync<int[]>("""
            c => { const k = document.createElement('canvas'); [k.width, k.height] = [c.width, c.height]; const x = k.getContext('2d'); x.drawImage(c, 0, 0);
              const d = x.getImageData(0, 0, k.width, k.height).data; const n = [0, 0];
              for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 100) n[d[i] > d[i + 2] ? 0 : 1]++; return n; }
            """);
        Assert.All(seen, n => Assert.InRange(n, 500, 200_000));
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task Filters_CountAllRowsWhereTheMapHoldsThem()
    {
        await using var open = await OpenMap();
        await open.Page.SelectOptionAsync("select[aria-label=segment]", "time=day");
        // Of the even rows each tenth is wrong by the formula: those that five divides.
        Assert.Contains("1\u202F000 of 2\u202F000 rows, 200 wrong, accuracy 80.0\u00A0% (77.4 – 82.4\u00A0%)", await open.Page.InnerTextAsync(".filters output"), StringComparison.Ordinal);
        await open.Page.ClickAsync("#section-metrics button:text-is('Rows')");
        var cells = await open.Page.Locator(".cells .cell").AllInnerTextsAsync();
        Assert.Equal(1000, cells.Where(c => c.Length > 0).Sum(int.Parse));
        var classes = open.Page.Locator(".data", new() { Has = open.Page.Locator("caption:text('classes')") });
        Assert.Equal(1000, (await classes.Locator("tbody td:nth-child(2)").AllInnerTextsAsync()).Sum(int.Parse));
        Assert.Contains("the causes of 200 errors of the rows that the filters leave", await open.Page.InnerTextAsync("#section-verdict"), StringComparison.Ordinal);
        Assert.Empty(open.Faults);
    }

    private async Task<OpenPage> OpenMap()
    {
        PagePredictions.Write(folder.Root, Classes, Rows);
        var open = await browser.Open(PagePredictions.AddMap(folder.Root, Classes, Rows), "#at=map");
        await open.Page.Locator("canvas.points").ScrollIntoViewIfNeededAsync();
        return open;
    }

    private static async Task Drag(OpenPage open, (float X, float Y)[] path)
    {
        await open.Page.Mouse.MoveAsync(path[0].X, path[0].Y);
        await open.Page.Mouse.DownAsync();
        foreach (var (x, y) in path[1..])
            await open.Page.Mouse.MoveAsync(x, y, new() { Steps = 4 });
        await open.Page.Mouse.UpAsync();
    }
}
