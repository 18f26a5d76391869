using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Reports.Html;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag report</c>: the page of a folder of results, report.html, of a loop story.html, of earlier scans history.html, from the files that a command left there.</summary>
internal static class ReportCommand
{
    public static int Run(OptionValues values, Session session)
    {
        if (values.Inputs.Count > 1)
            throw new InputException($"'{values.Inputs[1]}' is one folder too many", remedy: "Name one folder: gpudiag report gpudiag-out.");
        string path = values.Inputs.Count == 0 ? "gpudiag-out" : values.Inputs[0];
        const string remedy = "Name the folder that gpudiag scan, compare, drift, mine, retrain, loop or history wrote to.";
        if (!Directory.Exists(path))
            throw new InputException("there is no such folder", path, remedy: remedy);
        (string Page, ResultFiles Files)[] pages = [.. new[] { (Page: HtmlReport.FileName, Files: ResultFiles.In(path)), (Page: HtmlReport.StoryName, Files: ResultFiles.Loop(ResultFiles.In(path).Find)), (Page: HtmlReport.HistoryName, Files: ResultFiles.History(ResultFiles.In(path).Find)) }.Where(p => p.Files.Find("summary.json") is not null)];
        if (pages.Length == 0)
            throw new InputException("there is no summary.json, loop.json or history.json in it to make a page from", path, remedy: remedy);
        using var folder = new OutputFolder(path);
        foreach (var (page, files) in pages)
            folder.Write(page, stream => HtmlReport.Write(stream, files, session.Cancellation));
        session.Cancellation.ThrowIfCancellationRequested();
        folder.Commit();
        if (!values.Flag(OptionCatalog.Quiet.Name))
        {
            foreach (var (page, _) in pages)
                session.Output.Write($"{Plain.Name(Path.Combine(path, page))}\n");
        }
        return ExitCode.Done;
    }
}
