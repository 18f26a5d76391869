using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Causes;

/// <summary>
/// Errors by cause: of all rows, per class, per segment value and per cluster, and the worst rows of each cause. Counts
/// add and the rows follow a total order, so any split and any order of merging give the same.
/// </summary>
/// <param name="segmentations">Whether each segmentation is counted.</param>
/// <param name="listed">Rows kept of each cause.</param>
internal sealed class CauseTally(IReadOnlyList<bool> segmentations, int listed)
{
    private readonly List<long> classes = [], clusters = [], slices = [];
    private readonly List<long>?[] segments = [.. segmentations.Select(counted => counted ? new List<long>() : null)];
    private readonly TopRows[] worst = Array.ConvertAll(CauseNames.All, _ => new TopRows(listed));

    /// <summary>Takes an error.</summary>
    /// <param name="error">The row; its key says how bad it is.</param>
    /// <param name="values">The batch's value of each segmentation.</param>
    /// <param name="at">The row's place in the batch.</param>
    /// <param name="cluster">Below 0 for none.</param>
    /// <param name="inSlices">Places of the slices that the row is in.</param>
    public void Add(Cause cause, in TopRow error, IReadOnlyList<CodeColumn> values, int at, int cluster, IEnumerable<int> inSlices)
    {
        Count(classes, error.Label, cause, 1);
        for (int s = 0; s < segments.Length; s++)
        {
            if (segments[s] is { } counts)
            {
                Count(counts, values[s][at], cause, 1);
            }
        }

        if (cluster >= 0)
        {
            Count(clusters, cluster, cause, 1);
        }

        foreach (int slice in inSlices)
        {
            Count(slices, slice, cause, 1);
        }

        worst[(int)cause].Add(error);
    }

    /// <summary>Takes the errors of a cell, whose rows are not known.</summary>
    /// <param name="segmentation">The only one that is counted; below 0 for none.</param>
    public void AddCell(Cause cause, int label, int segmentation, int segment, long errors)
    {
        Count(classes, label, cause, errors);
        if (segmentation >= 0 && segments[segmentation] is { } counts)
        {
            Count(counts, segment, cause, errors);
        }
    }

    public void Merge(CauseTally other)
    {
        Merge(classes, other.classes);
        Merge(clusters, other.clusters);
        Merge(slices, other.slices);
        for (int s = 0; s < segments.Length; s++)
        {
            if (segments[s] is { } counts)
            {
                Merge(counts, other.segments[s]!);
            }
        }

        for (int c = 0; c < worst.Length; c++)
        {
            worst[c].Merge(other.worst[c]);
        }
    }

    /// <summary>Errors of a class by cause.</summary>
    public long[] OfClass(int code) => At(classes, code);

    /// <summary>Errors of a segment value by cause; null where the segmentation is not counted.</summary>
    public long[]? OfSegment(int segmentation, int code) => segments[segmentation] is { } counts ? At(counts, code) : null;

    /// <summary>Errors of a slice by cause.</summary>
    public long[] OfSlice(int place) => At(slices, place);

    public long[] OfCluster(int cluster) => At(clusters, cluster);

    /// <summary>Errors by cause.</summary>
    public long[] Total()
    {
        long[] total = new long[CauseNames.Count];
        for (int i = 0; i < classes.Count; i++)
        {
            total[i % CauseNames.Count] += classes[i];
        }

        return total;
    }

    /// <summary>The worst rows of a cause, worst first, then by row.</summary>
    public IReadOnlyList<long> Worst(Cause cause) => worst[(int)cause].WorstFirst();

    private static long[] At(List<long> counts, int code)
    {
        long[] at = new long[CauseNames.Count];
        for (int c = 0; c < at.Length; c++)
        {
            int place = (code * CauseNames.Count) + c;
            at[c] = place < counts.Count ? counts[place] : 0;
        }

        return at;
    }

    private static void Merge(List<long> into, List<long> from)
    {
        for (int i = 0; i < from.Count; i++)
        {
            if (from[i] != 0)
            {
                Count(into, i / CauseNames.Count, (Cause)(i % CauseNames.Count), from[i]);
            }
        }
    }

    private static void Count(List<long> counts, int code, Cause cause, long rows)
    {
        while (counts.Count < (code + 1) * CauseNames.Count)
        {
            counts.Add(0);
        }

        counts[(code * CauseNames.Count) + (int)cause] += rows;
    }
}
