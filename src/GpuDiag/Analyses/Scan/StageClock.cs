using System.Diagnostics;

namespace GpuDiag.Analyses.Scan;

/// <summary>Times the stages of a scan, tells how far they are, and stops between them when asked to.</summary>
internal sealed class StageClock(IProgress<ScanProgress>? progress, CancellationToken cancel)
{
    private readonly List<StageTime> timings = [];

    /// <summary>In the order of their start.</summary>
    public IReadOnlyList<StageTime> Timings => timings;

    /// <summary>Gives back between passes what the last one left behind.</summary>
    public bool Frugal { get; init; }

    public T Time<T>(string stage, Func<T> work)
    {
        cancel.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        T result = work();
        timings.Add(new StageTime(stage, Stopwatch.GetElapsedTime(start).TotalSeconds));
        return result;
    }

    /// <summary>Runs a pass over all rows as one stage.</summary>
    public void Pass(string stage, string shown, long rows, Action<Action<long>> pass) => Time(stage, () =>
    {
        if (Frugal)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        pass(done => progress?.Report(new ScanProgress(shown, done, rows)));
        return true;
    });
}
