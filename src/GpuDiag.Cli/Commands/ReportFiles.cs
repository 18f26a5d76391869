using System.Diagnostics;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports;
using GpuDiag.Reports.Html;

namespace GpuDiag.Cli.Commands;

/// <summary>A file that a command leaves.</summary>
/// <param name="Name">Without a folder.</param>
/// <param name="Applies">There is something to put into it.</param>
/// <param name="Write">Writes it; how long writing took until then stands in the run.</param>
internal sealed record ReportFile(string Name, bool Applies, Action<Stream, RunInfo> Write);

/// <summary>Writes the files of a command, and the page made of them, all or none.</summary>
internal static class ReportFiles
{
    /// <param name="folder">Receives them; a file that does not apply is removed, so that none of an earlier run stays.</param>
    /// <param name="files">In the order of writing.</param>
    /// <param name="run">How they were made.</param>
    /// <param name="cancellation">Leaves the folder as it was.</param>
    public static void Write(OutputFolder folder, IEnumerable<ReportFile> files, RunInfo run, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!file.Applies)
            {
                folder.Remove(file.Name);
                continue;
            }
            // What is left to write when run.json is written is summary.json, which takes next to nothing.
            var timed = run with { Timings = [.. run.Timings, new StageTime("write", Stopwatch.GetElapsedTime(start).TotalSeconds)] };
            folder.Write(file.Name, stream => file.Write(stream, timed));
        }
        HtmlReport.Write(folder, cancellation);
        cancellation.ThrowIfCancellationRequested();
        folder.Commit();
    }
}
