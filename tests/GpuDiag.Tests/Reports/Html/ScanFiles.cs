using GpuDiag.Analyses.Scan;
using GpuDiag.Reports;
using GpuDiag.Reports.Html;

namespace GpuDiag.Tests.Reports.Html;

/// <summary>The files that an outcome gives, in a folder, and the page of them.</summary>
internal static class ScanFiles
{
    public static void Write(string folder, ScanOutcome outcome)
    {
        foreach (var report in ReportCatalog.All.Where(r => r.Applies(outcome)))
        {
            using var file = File.Create(Path.Combine(folder, report.FileName));
            report.Write(file, outcome, default);
        }
    }

    public static string Page(string folder)
    {
        using var page = new MemoryStream();
        HtmlReport.Write(page, ResultFiles.In(folder), default);
        return System.Text.Encoding.UTF8.GetString(page.ToArray());
    }
}
