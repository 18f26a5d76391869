using System.Diagnostics;
using System.Globalization;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports;

namespace GpuDiag.Cli;

/// <summary>
/// Tells how far a scan is: on a terminal one line that is rewritten, from the first second on; elsewhere a line about
/// every ten seconds. Cheap to call from any thread, at any rate.
/// </summary>
/// <param name="clock">Time since the start, for tests; null: the real one.</param>
internal sealed class ProgressLine(TextWriter output, bool isTerminal, Func<TimeSpan>? clock = null) : IProgress<ScanProgress>
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly long start = Stopwatch.GetTimestamp();
    private readonly TimeSpan every = isTerminal ? Redraw : TimeSpan.FromSeconds(10);
    private TimeSpan next = TimeSpan.FromSeconds(isTerminal ? 1 : 10);
    private TimeSpan stageStart;
    private string stage = "";
    private int drawn;

    public void Report(ScanProgress value)
    {
        lock (gate)
        {
            TimeSpan now = Now();
            if (value.Stage != stage)
                (stage, stageStart) = (value.Stage, now);
            if (now < next)
                return;
            next = now + every;
            string line = Describe(value, now - stageStart, now);
            if (isTerminal)
                Draw(line);
            else
                output.WriteLine(line);
        }
    }

    /// <summary>Takes the line away again.</summary>
    public void Clear()
    {
        lock (gate)
        {
            if (drawn > 0)
                Draw("");
            drawn = 0;
        }
    }

    internal static string Describe(ScanProgress progress, TimeSpan inStage, TimeSpan sinceStart)
    {
        double rate = inStage.TotalSeconds > 0 ? progress.RowsDone / inStage.TotalSeconds : 0;
        if (progress.RowsTotal <= 0)
            return $"{progress.Stage}: {Plain.Count(progress.RowsDone)} rows, {Clock(sinceStart)}";
        double share = Math.Clamp((double)progress.RowsDone / progress.RowsTotal, 0, 1);
        string remaining = rate > 0 && progress.RowsDone < progress.RowsTotal
            ? $", {Clock(TimeSpan.FromSeconds(Math.Min((progress.RowsTotal - progress.RowsDone) / rate, 359_999)))} left"
            : "";
        string bar = new string('█', (int)(share * 20)).PadRight(20, '░');
        return $"{progress.Stage,-10} {bar} {Plain.Percent(progress.RowsDone, progress.RowsTotal),7}  {Rate(rate)}{remaining}";
    }

    private static string Rate(double rate)
        => (rate >= 1e6 ? (rate / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " M" : Plain.Count((long)rate)) + " rows/s";

    private static string Clock(TimeSpan time)
        => time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}" : $"{time.Minutes}:{time.Seconds:00}";

    private TimeSpan Now() => clock?.Invoke() ?? Stopwatch.GetElapsedTime(start);

    private void Draw(string line)
    {
        output.Write('\r' + line.PadRight(drawn));
        if (line.Length == 0)
            output.Write('\r');
        output.Flush();
        drawn = line.Length;
    }
}
