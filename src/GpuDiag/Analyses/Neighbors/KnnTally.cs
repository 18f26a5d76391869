using GpuDiag.Engine;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>Counts over the lists of neighbours of all queries.</summary>
internal sealed class KnnTally
{
    private const int DistinctDistances = 1 << 20;

    private readonly KeyHistogram nearest = new(DistinctDistances);
    private readonly KeyHistogram last = new(DistinctDistances);

    public long Neighbors { get; private set; }

    public long ShortLists { get; private set; }

    public long ExcludedQueries { get; private set; }

    public DistanceQuantiles? Nearest => Quantiles(nearest);

    public DistanceQuantiles? Last => Quantiles(last);

    public void AddExcluded() => ExcludedQueries++;

    /// <summary>Adds the list of a query that is not excluded.</summary>
    /// <param name="count">Its neighbours.</param>
    /// <param name="isShort">It has fewer than were asked for.</param>
    /// <param name="first">Distance of the first, if there is one.</param>
    /// <param name="final">Distance of the last, if there is one.</param>
    public void Add(int count, bool isShort, double first, double final)
    {
        Neighbors += count;
        ShortLists += isShort ? 1 : 0;
        if (count > 0)
        {
            nearest.Add(first);
            last.Add(final);
        }
    }

    private static DistanceQuantiles? Quantiles(KeyHistogram h) =>
        h.Count == 0 ? null : new DistanceQuantiles(h.Quantile(0), h.Quantile(0.25), h.Quantile(0.5), h.Quantile(0.75), h.Quantile(1));
}
