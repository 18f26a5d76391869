namespace GpuDiag.Tests.Reports.Html;

/// <summary>The page for people who see little or use no mouse: contrast, names, keys.</summary>
public sealed class AccessTests(Browser browser, DemoPage demo) : IClassFixture<Browser>, IClassFixture<DemoPage>
{
    /// <summary>Texts whose contrast with what is behind them is below WCAG's AA (4.5, large ones 3), as "tag.class: text ratio".</summary>
    private const string FaintTexts = """
        () => {
          const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1;
          const ink = canvas.getContext('2d', { willReadFrequently: true });
          const over = (color, under) => { for (const c of [`rgb(${under.join(' ')})`, color]) { ink.fillStyle = c; ink.fillRect(0, 0, 1, 1); } return [...ink.getImageData(0, 0, 1, 1).data].slice(0, 3); };
          const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const behind = e => { const all = []; for (let n = e; n; n = n.parentElement) all.unshift(getComputedStyle(n).backgroundColor); return all.reduce((under, c) => over(c, under), [255, 255, 255]); };
          const faint = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const text = texts.currentNode, e = text.parentElement;
            if (!text.data.trim() || !e.checkVisibility() || e.closest('script, style, :disabled')) continue;
            const style = getComputedStyle(e), back = behind(e), size = parseFloat(style.fontSize);
            const a = light(over(e.closest('svg') ? style.fill : style.color, back)), b = light(back);
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < (size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5)) faint.push(`${e.tagName}.${e.className}: ${text.data.slice(0, 30)} ${ratio.toFixed(2)}`);
          }
          return faint;
        }
        """;

    private const string Nameless = """
        () => [...document.querySelectorAll('button, input, select, a, canvas, img, svg.chart')]
          .filter(e => e.checkVisibility() && !(e.textContent.trim() || e.getAttribute('aria-label') || e.alt || e.labels?.length)).map(e => e.outerHTML.slice(0, 100))
        """;

    [BrowserTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Texts_StandOutAndControlsHaveNames(bool dark)
    {
        await using var open = await browser.Open(demo.Path, dark: dark);
        await open.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
        Assert.Empty(await open.Page.EvaluateAsync<string[]>(FaintTexts));
        Assert.Empty(await open.Page.EvaluateAsync<string[]>(Nameless));
        // The measure itself sees a faint text.
        await open.Page.EvaluateAsync("() => document.querySelector('h2').style.color = 'rgb(128 128 128 / 30%)'");
        Assert.NotEmpty(await open.Page.EvaluateAsync<string[]>(FaintTexts));
        Assert.Empty(open.Faults);
    }

    [BrowserFact]
    public async Task Everything_IsReachedByKeys()
    {
        await using var open = await browser.Open(demo.Path);
        await open.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("To the content", await open.Page.EvaluateAsync<string>("document.activeElement.textContent"));
        await open.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("MAIN", await open.Page.EvaluateAsync<string>("document.activeElement.tagName"));
        await open.Page.FocusAsync(".case >> nth=0");
        await open.Page.Keyboard.PressAsync("Enter");
        Assert.Equal(1, await open.Page.Locator("dialog[open]").CountAsync());
        // What opens by a click alone could not be reached: every listener of clicks is on a button, a link or a canvas with keys.
        Assert.Equal(0, await open.Page.Locator("[tabindex]:not([tabindex='-1']):not(canvas)").CountAsync());
        Assert.Empty(open.Faults);
    }

    [BrowserTheory]
    [InlineData(800)]
    [InlineData(1280)]
    [InlineData(1920)]
    public async Task Page_IsAsWideAsItsWindow(int width)
    {
        await using var open = await browser.Open(demo.Path, width: width);
        Assert.InRange(await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"), -20, 0);
    }

    [BrowserFact]
    public async Task Print_LeavesOutWhatIsForScreens()
    {
        await using var open = await browser.Open(demo.Path, dark: true);
        await open.Page.EmulateMediaAsync(new() { Media = Microsoft.Playwright.Media.Print });
        Assert.False(await open.Page.IsVisibleAsync(".filters"));
        Assert.True(await open.Page.IsVisibleAsync(".stack"));
        Assert.Equal("rgb(255, 255, 255)", await open.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Empty(open.Faults);
    }
}
