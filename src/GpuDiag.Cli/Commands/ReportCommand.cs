using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Reports.Html;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag report</c>: the page of a folder of results, from the files that a command left there.</summary>
internal static class ReportCommand
{
    public static int Run(OptionValues values, Session session)
    {
        if (values.Inputs.Count > 1)
            throw new InputException($"'{values.Inputs[1]}' is one folder too many", remedy: "Name one folder: gpudiag report gpudiag-out.");
        string path = values.Inputs.Count == 0 ? "gpudiag-out" : values.Inputs[0];
        if (!Directory.Exists(path))
            throw new InputException("there is no such folder", path, remedy: "Name the folder that gpudiag scan, compare, drift, mine or retrain wrote to.");
        if (!File.Exists(Path.Combine(path, "summary.json")))
            throw new InputException("there is no summary.json in it to make a page from", path, remedy: "Name the folder that gpudiag scan, compare, drift, mine or retrain wrote to.");
        using var folder = new OutputFolder(path);
        folder.Write(HtmlReport.FileName, stream => HtmlReport.Write(stream, ResultFiles.In(path), session.Cancellation));
        session.Cancellation.ThrowIfCancellationRequested();
        folder.Commit();
        if (!values.Flag(OptionCatalog.Quiet.Name))
            session.Output.Write($"{Plain.Name(Path.Combine(path, HtmlReport.FileName))}\n");
        return ExitCode.Done;
    }
}
