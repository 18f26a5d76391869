namespace GpuDiag.Analyses.Slices;

/// <summary>
/// The conjunctions of the next level: two that share all but their last values make one, which is kept only when each of its
/// parents is there and their minima leave a chance of a score above the threshold. Formed once each, in order.
/// </summary>
internal sealed class SliceJoin(SliceLevel parents, int[] columns, SliceScore score, double threshold)
{
    private readonly List<int> members = [];
    private readonly List<SliceCounts> limits = [];
    private readonly List<double> bounds = [];
    private readonly SliceIndex? index = parents.Level > 1 ? new SliceIndex(parents) : null;

    public int Level => parents.Level + 1;

    /// <summary>Conjunctions formed, those that were dropped at once included.</summary>
    public long Formed { get; private set; }

    /// <summary>Level values per conjunction that is left.</summary>
    public List<int> Members => members;

    /// <summary>Per conjunction that is left: the minima over its parents.</summary>
    public List<SliceCounts> Limits => limits;

    /// <summary>Per conjunction that is left: no score below or at it is higher.</summary>
    public List<double> Bounds => bounds;

    /// <summary>Forms all conjunctions.</summary>
    /// <returns>False when more than <paramref name="most"/> are left: then they were not all formed.</returns>
    public bool Run(int most, CancellationToken cancel)
    {
        int level = parents.Level;
        Span<int> joined = stackalloc int[level + 1];
        for (int start = 0, end; start < parents.Count; start = end)
        {
            cancel.ThrowIfCancellationRequested();
            ReadOnlySpan<int> shared = parents.Of(start)[..^1];
            end = start + 1;
            while (end < parents.Count && parents.Of(end)[..^1].SequenceEqual(shared))
            {
                end++;
            }

            shared.CopyTo(joined);
            for (int i = start; i < end; i++)
            {
                joined[level - 1] = parents.Members[(i * level) + level - 1];
                for (int j = i + 1; j < end; j++)
                {
                    joined[level] = parents.Members[(j * level) + level - 1];
                    if (columns[joined[level - 1]] != columns[joined[level]])
                    {
                        Formed++;
                        Keep(joined, Least(parents.Counts[i], parents.Counts[j]));
                    }
                }
            }

            if (bounds.Count > most)
            {
                return false;
            }
        }

        return true;
    }

    private static SliceCounts Least(SliceCounts a, SliceCounts b) =>
        new(Math.Min(a.Rows, b.Rows), Math.Min(a.Errors, b.Errors), Math.Min(a.Sum, b.Sum), Math.Min(a.Most, b.Most));

    private void Keep(ReadOnlySpan<int> joined, SliceCounts limit)
    {
        double bound = score.Bound(limit.Rows, limit.Sum, limit.Most);
        if (bound <= threshold)
        {
            return;
        }

        if (index is not null)
        {
            ulong hash = 0;
            foreach (int member in joined)
            {
                hash += SliceIndex.Hash(member);
            }

            // The parents without the last and without the last but one are those that were joined.
            for (int left = 0; left < joined.Length - 2; left++)
            {
                int parent = index.Find(joined, left, hash - SliceIndex.Hash(joined[left]));
                if (parent < 0)
                {
                    return;
                }

                limit = Least(limit, parents.Counts[parent]);
            }

            bound = score.Bound(limit.Rows, limit.Sum, limit.Most);
            if (bound <= threshold)
            {
                return;
            }
        }

        members.AddRange(joined);
        limits.Add(limit);
        bounds.Add(bound);
    }
}
