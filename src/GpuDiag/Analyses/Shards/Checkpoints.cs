using System.Diagnostics;

namespace GpuDiag.Analyses.Shards;

/// <summary>
/// Keeps what a scan has read so far, from time to time, so that one that is killed can go on: at most the
/// interval's worth of reading is lost, or ten times what keeping takes where that is more.
/// </summary>
/// <param name="interval">From one time to the next.</param>
/// <param name="keep">Puts sections in their place, whole.</param>
internal sealed class Checkpoints(TimeSpan interval, Action<IReadOnlyList<(string Name, byte[] Content)>> keep)
{
    private const int MostShare = 10;
    private long last = Stopwatch.GetTimestamp();
    private TimeSpan wait;

    /// <summary>Passes quicker than this are not worth keeping.</summary>
    public TimeSpan Least => interval / 20;

    public bool IsDue => Stopwatch.GetElapsedTime(last) >= (wait > interval ? wait : interval);

    public void Keep(IReadOnlyList<(string Name, byte[] Content)> sections)
    {
        long start = Stopwatch.GetTimestamp();
        keep(sections);
        last = Stopwatch.GetTimestamp();
        wait = Stopwatch.GetElapsedTime(start, last) * MostShare;
    }
}
