using GpuDiag.Analyses.Scan;
using GpuDiag.Reports.Html;
using GpuDiag.Reports.Tables;

namespace GpuDiag.Reports;

/// <summary>
/// Gets ready, on a thread of its own, what every report needs and no data decides: the code that writes each kind of column, which can't be
/// compiled ahead because the library is generic in it, and the page's own code with its hashes. No result depends on it. As a listener to
/// progress it starts when the first pass over the rows ends: until then all cores read, from then on one thread goes on alone for a while.
/// </summary>
/// <param name="further">Is told of progress too; null for none.</param>
internal sealed class ReportPreparation(IProgress<ScanProgress>? further) : IProgress<ScanProgress>
{
    private int started;

    public void Report(ScanProgress value)
    {
        further?.Report(value);
        if (value.RowsDone >= value.RowsTotal && Interlocked.Exchange(ref started, 1) == 0)
            Start();
    }

    /// <summary>Starts at once.</summary>
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
