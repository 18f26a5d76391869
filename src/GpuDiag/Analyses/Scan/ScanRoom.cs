using System.Globalization;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// How a scan fits into memory: every thread keeps scores of its own, from which ROC AUC and average precision come, so fewer threads need
/// less. The result is the same for any.
/// </summary>
/// <param name="Threads">Threads that may read and compute.</param>
/// <param name="Batches">Bytes for the rows being read; null where nothing was asked for.</param>
internal readonly record struct ScanRoom(int Threads, long? Batches)
{
    /// <summary>
    /// Of one kept score: its prefix and count, their spare, a counting table of up to sixteen cells, and its slots in the ranking pass. Measured, garbage included: 240 MB
    /// for 2²¹ scores and a thread.
    /// </summary>
    private const long ScoreBytes = 116;

    /// <summary>Values of a segment column that are reckoned with; how many there are is known too late.</summary>
    private const int SegmentValues = 16;

    /// <summary>Below this nothing is refused.</summary>
    private const long Small = 64L << 20;

    private const long LeastBatches = 16L << 20;

    /// <summary>Of the threads asked for, as many as there is memory for.</summary>
    /// <param name="memory">Bytes asked for; null: half of what there is, which refuses nothing.</param>
    /// <param name="threads">Threads asked for.</param>
    /// <param name="rows">Rows of the data.</param>
    /// <param name="roles">Their roles.</param>
    /// <param name="file">Named where one thread is too many.</param>
    /// <exception cref="InputException">The memory asked for is too little for one thread.</exception>
    public static ScanRoom Of(long? memory, int threads, long rows, Roles roles, string file)
    {
        long scores = Scores(rows, roles);
        long each = scores * ScoreBytes, limit = memory ?? AvailableMemory.Bytes / 2;

        // What is merged counts once more.
        long fitting = each == 0 ? threads : (limit - LeastBatches - each) / each;
        if (fitting < 1 && memory is not null && 2 * each > Small)
        {
            long needed = ((2 * each) + LeastBatches + (1 << 20) - 1) >> 20;
            throw new InputException(
                string.Create(CultureInfo.InvariantCulture, $"--memory is {memory >> 20}M, but the scores that a scan of {rows} rows keeps for ROC AUC and average precision take some {needed}M with one thread"),
                file,
                roles.Probs[0].Name,
                string.Create(CultureInfo.InvariantCulture, $"Give --memory {needed}M or more."));
        }

        int taken = (int)Math.Clamp(fitting, 1, threads);
        return new ScanRoom(taken, memory is { } asked ? Math.Max(LeastBatches, asked - ((taken + 1) * each)) : null);
    }

    /// <summary>Scores that a thread keeps at most.</summary>
    private static long Scores(long rows, Roles roles)
    {
        if (roles.Probs.Count == 0)
        {
            return 0;
        }

        int classes = Math.Max(2, Math.Max(roles.Probs.Count, roles.Probs[0].Width));
        (int overall, int part) = ScanPlan.RankRoom(classes);
        return Math.Min(rows, (long)classes * overall) + (roles.Segments.Count * Math.Min(rows, (long)classes * part * SegmentValues));
    }
}
