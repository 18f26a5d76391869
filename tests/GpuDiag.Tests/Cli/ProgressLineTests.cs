using GpuDiag.Analyses.Scan;
using GpuDiag.Cli;

namespace GpuDiag.Tests.Cli;

public class ProgressLineTests
{
    private TimeSpan now;

    [Fact]
    public void Terminal_ShowsNothingInTheFirstSecondThenOneLine()
    {
        using var output = new StringWriter();
        var progress = new ProgressLine(output, isTerminal: true, () => now);
        progress.Report(new ScanProgress("reading", 0, 1000));
        now = TimeSpan.FromSeconds(0.9);
        progress.Report(new ScanProgress("reading", 100, 1000));
        Assert.Equal("", output.ToString());
        now = TimeSpan.FromSeconds(2);
        progress.Report(new ScanProgress("reading", 500, 1000));
        progress.Report(new ScanProgress("reading", 501, 1000));
        Assert.Equal("\rreading    ██████████░░░░░░░░░░  50.0 %  250 rows/s, 0:02 left", output.ToString());
        progress.Clear();
        Assert.EndsWith(" \r", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Elsewhere_ALineComesEveryTenSeconds()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new ProgressLine(output, isTerminal: false, () => now);
        for (int second = 0; second <= 25; second++)
        {
            now = TimeSpan.FromSeconds(second);
            progress.Report(new ScanProgress("reading", second * 4_000_000L, 100_000_000));
        }
        progress.Clear();
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("40.0 %  4.0 M rows/s, 0:15 left", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownTotal_StillReads()
    {
        Assert.Equal("reading: 1,234 rows, 1:05", ProgressLine.Describe(new ScanProgress("reading", 1234, 0), TimeSpan.FromSeconds(65), TimeSpan.FromSeconds(65)));
        Assert.EndsWith("0 rows/s", ProgressLine.Describe(new ScanProgress("reading", 0, 10), TimeSpan.Zero, TimeSpan.Zero), StringComparison.Ordinal);
    }
}
