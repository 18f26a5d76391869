using System.Net;
using System.Text;
using GpuDiag.Reports;

namespace GpuDiag.Cli.Commands;

/// <summary>The story of a loop as one page that opens from disk: text and tables, no script, nothing loaded.</summary>
internal static class LoopPage
{
    public static void Write(Stream stream, LoopStory story, IReadOnlyList<string> commands)
    {
        var page = new StringBuilder();
        page.Append("""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>GpuDiag loop</title>
            <style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;margin:1rem 0}td,th{padding:.25rem .75rem;border-bottom:1px solid #8886;text-align:right}td:first-child,th:first-child{text-align:left}code{display:block;overflow-wrap:anywhere;margin:.5rem 0}.bar{display:inline-block;height:.7rem;background:#3b7dd8;vertical-align:middle}</style>
            </head>
            <body>

            """);
        page.Append($"<h1>{Text(story.Headline())}</h1>\n<h2>Accuracy on the test data</h2>\n<table><tr><th>of<th>accuracy<th>95 % interval<th></tr>\n");
        foreach (var (name, accuracy) in story.Accuracies)
            page.Append($"<tr><td>{Text(name)}<td>{Plain.Figure(accuracy.Value)}<td>{Text(Plain.Interval(accuracy))}<td style=\"text-align:left;min-width:12rem\"><span class=\"bar\" style=\"width:{(int)(100 * (accuracy.Value ?? 0))}%\"></span></tr>\n");
        page.Append("</table>\n");
        if (story.Labelled is not null)
        {
            page.Append($"<p>Of {Plain.Count(story.Cases.All)} failures that labels can mend, {Plain.Count(story.Cases.Before)} are right by a head on the training set alone, {Plain.Count(story.Cases.After)} by the head with the new labels.</p>\n");
            page.Append("<h2>The model's worst segments</h2>\n<table><tr><th>segment<th>rows<th>model<th>head without labels<th>head with them</tr>\n");
            foreach (var segment in story.Segments)
                page.Append($"<tr><td>{Text($"{segment.Column} = {segment.Value}")}<td>{Plain.Count(segment.Rows)}<td>{Plain.Figure(segment.Model.Value)}<td>{Plain.Figure(segment.Before.Value)}<td>{Plain.Figure(segment.After.Value)}</tr>\n");
            page.Append("</table>\n<p>The failures come from the same test data, so the gain is somewhat better than on new rows: keep rows aside that no mining has seen.</p>\n");
        }
        page.Append("<h2>Steps</h2>\n");
        foreach (string command in commands)
            page.Append($"<code>{Text(command)}</code>\n");
        page.Append("</body>\n</html>\n");
        stream.Write(Encoding.UTF8.GetBytes(page.ToString()));
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
