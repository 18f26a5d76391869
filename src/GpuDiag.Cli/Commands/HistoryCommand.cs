using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Reports.History;
using GpuDiag.Reports.Html;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag history</c>: metrics of earlier scans over time.</summary>
internal static class HistoryCommand
{
    public static int Run(OptionValues values, Session session)
    {
        if (values.Inputs.Count == 0)
            throw new InputException("no folder is given", remedy: "Name output folders of gpudiag scan, or a folder that holds such: gpudiag history nightly/");
        var runs = PastRuns.Read(values.Inputs);
        if (values.Text(OptionCatalog.Out.Name) is string path)
        {
            using var folder = new OutputFolder(path);
            folder.Write("history.parquet", stream => HistoryFiles.WriteTable(stream, runs, session.Cancellation));
            folder.Write("history.json", stream => HistoryFiles.WriteJson(stream, runs));
            folder.Write(HtmlReport.HistoryName, stream => HtmlReport.Write(stream, ResultFiles.History(folder.Staged), session.Cancellation), placeFirst: true);
            folder.Commit();
        }
        if (values.Text(OptionCatalog.Format.Name) == "json")
            HistoryFiles.WriteJson(session.Output.BaseStream, runs);
        else if (!values.Flag(OptionCatalog.Quiet.Name))
            new HistoryText(session.Output, Session.Palette).Write(runs, (int)(values.Whole("last") ?? 20));
        return ExitCode.Done;
    }
}
