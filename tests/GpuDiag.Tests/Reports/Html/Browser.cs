using Microsoft.Playwright;

namespace GpuDiag.Tests.Reports.Html;

/// <summary>The system's Chromium without a window, one for all tests of a class.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Where the browser is; null where there is none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("GPUDIAG_BROWSER") ?? Places.FirstOrDefault(File.Exists);

    public async Task InitializeAsync()
    {
        if (Path is null)
            return;
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Path, Args = ["--no-sandbox", "--enable-unsafe-swiftshader"] });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
            await browser.CloseAsync();
        playwright?.Dispose();
    }

    /// <summary>Opens a page from disk, and waits until it is put together.</summary>
    public async Task<OpenPage> Open(string path, string hash = "", int width = 1280, bool dark = false)
    {
        var context = await browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, AcceptDownloads = true });
        var opened = new OpenPage(await context.NewPageAsync());
        await opened.Page.GotoAsync(new Uri(path).AbsoluteUri + hash);
        await opened.Page.WaitForSelectorAsync("html[data-ready=true]");
        return opened;
    }
}

/// <summary>A page with what it complained of and asked for.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    private readonly List<string> faults = [];

    internal OpenPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) => Note(message.Type == "error", $"console: {message.Text}");
        page.PageError += (_, error) => faults.Add($"script: {error}");
        page.Dialog += (_, dialog) => faults.Add($"dialog: {dialog.Message}");
        page.Request += (_, request) => Note(!request.Url.StartsWith("file://", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal), $"request: {request.Url}");
    }

    public IPage Page { get; }

    /// <summary>Errors of the script and the console, dialogs, and requests that leave the page.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>Waits until the address is as it should be: the page writes it a moment after the key or click, when its dialog has closed.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    public Task Address(Func<string, bool> asked) => Page.WaitForURLAsync(asked);

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();

    private void Note(bool isFault, string text)
    {
        if (isFault)
            faults.Add(text);
    }
}

/// <summary>A test in a real browser: skipped, with the reason, where there is none.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = BrowserTheoryAttribute.Reason;
}

/// <summary>The same for cases.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Reason;

    internal static string? Reason => Browser.Path is null ? "no Chromium or Chrome here: install Debian's package chromium, or name one by GPUDIAG_BROWSER" : null;
}
