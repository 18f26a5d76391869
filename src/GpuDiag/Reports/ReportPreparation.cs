using GpuDiag.Reports.Html;
using GpuDiag.Reports.Tables;

namespace GpuDiag.Reports;

/// <summary>
/// Gets ready, on a thread of its own, what every report needs and no data decides, while rows are read: the code that writes each kind of
/// column, which can't be compiled ahead because the library is generic in it, and the page's own code with its hashes. A scan of few rows
/// takes less time for it; no result depends on it.
/// </summary>
internal static class ReportPreparation
{
    public static Task Start() => Task.Run(() =>
    {
        KindsOfColumns().Write(Stream.Null, [""], default);
        HtmlReport.Prepare();
    });

    /// <summary>A table with a column of each kind that a scan's tables have.</summary>
    internal static Table<string> KindsOfColumns() => new Table<string>()
        .Text("text", row => row)
        .Bytes("bytes", _ => null)
        .Value("long", _ => 0L)
        .Value("int", _ => 0)
        .Value("double", _ => 0.0)
        .Optional("long?", _ => (long?)null)
        .Optional("int?", _ => (int?)null)
        .Optional("double?", _ => (double?)null)
        .Optional("bool?", _ => (bool?)null);
}
