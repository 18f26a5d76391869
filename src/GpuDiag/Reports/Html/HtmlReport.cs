using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace GpuDiag.Reports.Html;

/// <summary>
/// report.html: one page that opens from disk without a server and asks for nothing: style, script and data are inside, and its
/// Content-Security-Policy allows these alone, by their hashes. It is a view on a folder's files: the same files give the same bytes.
/// </summary>
internal static class HtmlReport
{
    public const string FileName = "report.html";

    /// <summary>The page of a loop's loop.json.</summary>
    public const string StoryName = "story.html";

    /// <summary>The page of earlier scans, from history.json.</summary>
    public const string HistoryName = "history.html";

    public const string Holds = "all of it to look at: open it in a browser";

    /// <summary>Bytes of the page at most, whatever the data: what does not fit is left to the files, and the page says so.</summary>
    public const int MostBytes = 8_000_000;

    private const string Prefix = "GpuDiag.Page.";

    /// <summary>The page's own code, in this order.</summary>
    private static readonly Lazy<PageCode> Code = new(() => new PageCode(Join(".css"), $"(() => {{\n'use strict';\n{Join(".js")}}})();\n"));

    /// <summary>Loads the page's own code ahead of the first page.</summary>
    public static void Prepare() => _ = Code.Value;

    /// <summary>Writes the page of what was written into a folder, by the same code as <c>gpudiag report</c>; it goes into its place before the others.</summary>
    public static void Write(OutputFolder folder, CancellationToken cancel)
        => folder.Write(FileName, stream => Write(stream, new ResultFiles(folder.Staged), cancel), placeFirst: true);

    /// <summary>Writes the page.</summary>
    /// <exception cref="InputException">The files are not those of a scan, or one is damaged.</exception>
    public static void Write(Stream stream, ResultFiles files, CancellationToken cancel)
    {
        string summary = files.Find("summary.json")
            ?? throw new InputException("there is no summary.json to show", remedy: "Name a folder that gpudiag scan wrote.");
        var code = Code.Value;
        byte[] head = Encoding.UTF8.GetBytes($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src {code.ScriptHash}; style-src {code.StyleHash}; img-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>GpuDiag report</title>
            <style>{code.Style}</style>
            </head>
            <body>
            <noscript>This page shows its data by a script, which this browser does not run. summary.json and the Parquet tables beside it hold the same.</noscript>
            <div id="page"></div>

            """.ReplaceLineEndings("\n"));
        byte[] tail = Encoding.UTF8.GetBytes($"<script>{code.Script}</script>\n</body>\n</html>\n");
        var blocks = PageData.Blocks(files, summary, MostBytes - head.Length - tail.Length, cancel);
        foreach (byte[] part in (byte[][])[head, .. blocks, tail])
            stream.Write(part);
    }

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    /// <summary>The resources of one kind, by name, with the line ends that a browser hashes.</summary>
    private static string Join(string kind)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var text = new StringBuilder();
        foreach (string name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(kind, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            text.Append(reader.ReadToEnd().ReplaceLineEndings("\n")).Append('\n');
        }
        return text.ToString();
    }

    private sealed class PageCode(string style, string script)
    {
        public string Style => style;

        public string Script => script;

        public string StyleHash { get; } = Hash(style);

        public string ScriptHash { get; } = Hash(script);
    }
}
