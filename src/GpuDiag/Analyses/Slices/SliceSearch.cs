namespace GpuDiag.Analyses.Slices;

/// <summary>
/// Exact search for the slices of the highest scores, level by level, as SliceLine does it (Sagadeeva and Boehm 2021): a
/// conjunction is evaluated only when all of its parents may have a better one below them. Within a level the most
/// promising are evaluated first, in rounds; what a round found decides what of the rest still has a chance.
/// </summary>
internal sealed class SliceSearch
{
    private const int FirstRound = 1 << 10, LargestRound = 1 << 16, RoundGrowth = 4;

    /// <summary>Conjunctions of a level that are held at most: some 40 bytes each.</summary>
    private const int MostCandidates = 1 << 24;

    private readonly SliceRows rows;
    private readonly SliceScore score;
    private readonly TopSlices top;
    private readonly List<(long Rows, long Errors)> tested = [];

    private SliceSearch(SliceRows rows, SliceScore score, int most)
    {
        this.rows = rows;
        this.score = score;
        top = new TopSlices(most);
    }

    /// <summary>The best first.</summary>
    public IReadOnlyList<Slice> Best { get; private set; } = [];

    /// <summary>There are no more slices than these.</summary>
    public bool IsExhausted => !top.IsFull;

    /// <summary>Conjunctions that were formed.</summary>
    public long Formed { get; private set; }

    /// <summary>Those of them whose rows were counted; the others cannot be among the best.</summary>
    public long Evaluated { get; private set; }

    /// <summary>Rows and errors of those that have enough rows.</summary>
    public IReadOnlyList<(long Rows, long Errors)> Tested => tested;

    /// <summary>Levels that were searched completely.</summary>
    public int Levels { get; private set; }

    /// <summary>No level asked for was given up because it has too many conjunctions.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>The <paramref name="most"/> best slices, exactly; fewer where fewer have a score above 0.</summary>
    public static SliceSearch Run(SliceRows rows, SliceOptions options, int most, CancellationToken cancel)
    {
        SliceScore score = new(rows.Rows, rows.Sum, options.Alpha, options.LeastRows(rows.Rows));
        SliceSearch search = new(rows, score, most);
        if (rows.Sum > 0 && rows.Values > 0)
        {
            search.Run(options.Level, cancel);
        }

        search.Best = [.. search.top.Best];
        return search;
    }

    private void Run(int most, CancellationToken cancel)
    {
        int[] values = [.. Enumerable.Range(0, rows.Values)];
        SliceCounts[] counts = rows.Count(1, values);
        Formed = values.Length;
        for (int i = 0; i < counts.Length; i++)
        {
            Take([i], counts[i]);
        }

        SliceLevel level = Promising(new SliceLevel(1, values, counts));
        Levels = 1;
        while (level.Count > 1 && (most == 0 || level.Level < most))
        {
            SliceJoin join = new(level, rows.Columns, score, top.Threshold);
            IsComplete = join.Run(MostCandidates, cancel);
            Formed += join.Formed;
            if (!IsComplete)
            {
                return;
            }

            level = Evaluate(join, cancel);
            Levels++;
        }
    }

    private SliceLevel Evaluate(SliceJoin join, CancellationToken cancel)
    {
        int level = join.Level, round = FirstRound;
        int[] members = [.. join.Members];
        SliceCounts[] counts = new SliceCounts[join.Bounds.Count];
        int[] order = ByBound(join.Bounds);
        int[] chosen = new int[Math.Min(order.Length, LargestRound)];
        for (int next = 0; next < order.Length; round = Math.Min(round * RoundGrowth, LargestRound))
        {
            cancel.ThrowIfCancellationRequested();
            double threshold = top.Threshold;
            int count = 0;
            for (; next < order.Length && count < round; next++)
            {
                if (join.Bounds[order[next]] > threshold)
                {
                    chosen[count++] = order[next];
                }
            }

            Array.Sort(chosen, 0, count);
            Count(level, members, chosen.AsSpan(0, count), counts, join.Limits);
        }

        return Promising(new SliceLevel(level, members, counts));
    }

    /// <summary>Counts the chosen conjunctions, in order, so that neighbours share their first values.</summary>
    private void Count(int level, int[] members, ReadOnlySpan<int> chosen, SliceCounts[] counts, List<SliceCounts> limits)
    {
        int[] asked = new int[chosen.Length * level];
        for (int i = 0; i < chosen.Length; i++)
        {
            members.AsSpan(chosen[i] * level, level).CopyTo(asked.AsSpan(i * level));
        }

        SliceCounts[] found = rows.Count(level, asked);
        for (int i = 0; i < found.Length; i++)
        {
            Take(asked.AsSpan(i * level, level), found[i]);
            counts[chosen[i]] = found[i] with { Most = Math.Min(found[i].Most, limits[chosen[i]].Most) };
        }
    }

    private void Take(ReadOnlySpan<int> members, SliceCounts counts)
    {
        Evaluated++;
        if (counts.Rows < score.LeastRows)
        {
            return;
        }

        tested.Add((counts.Rows, counts.Errors));
        if (counts.Sum > 0 && score.Of(counts.Rows, counts.Sum) is > 0 and var own && own >= top.Threshold)
        {
            top.Add(new Slice(members.ToArray(), counts.Rows, counts.Errors, counts.Sum, own));
        }
    }

    /// <summary>Those below which a score above the threshold may be; the ones that were not evaluated have no rows here.</summary>
    private SliceLevel Promising(SliceLevel level)
    {
        double threshold = top.Threshold;
        int[] kept = [.. Enumerable.Range(0, level.Count).Where(i => level.Counts[i] is var c && score.Bound(c.Rows, c.Sum, c.Most) > threshold)];
        int[] members = new int[kept.Length * level.Level];
        for (int i = 0; i < kept.Length; i++)
        {
            level.Of(kept[i]).CopyTo(members.AsSpan(i * level.Level));
        }

        return new SliceLevel(level.Level, members, [.. kept.Select(i => level.Counts[i])]);
    }

    /// <summary>Places by bound to the precision of a float, the highest first, equal ones in order.</summary>
    private static int[] ByBound(List<double> bounds)
    {
        ulong[] keys = new ulong[bounds.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            // Bounds are above 0 here, and the bits of such floats are in their order.
            keys[i] = ((ulong)~BitConverter.SingleToUInt32Bits((float)bounds[i]) << 32) | (uint)i;
        }

        Array.Sort(keys);
        return Array.ConvertAll(keys, key => (int)(uint)key);
    }
}
