namespace GpuDiag.Analyses.Slices;

/// <summary>A slice, and those that say the same: 95 % of their rows are in it.</summary>
internal sealed record CoveredSlices(Slice Slice, List<Slice> Folded);

/// <summary>
/// Goes through slices from the best: one of whose rows at least 95 % are in one that was kept before, the first such, is
/// folded under it. Stops when enough are kept.
/// </summary>
internal static class SliceCover
{
    private const long Of = 100, Share = 95;
    private const int Round = 64;

    public static List<CoveredSlices> Fold(SliceRows rows, IReadOnlyList<Slice> ranked, int most)
    {
        List<CoveredSlices> kept = [];
        for (int start = 0; start < ranked.Count && kept.Count < most; start += Round)
        {
            Slice[] round = [.. ranked.Skip(start).Take(Round)];
            Slice[] before = [.. kept.Select(k => k.Slice)];
            Dictionary<(Slice, Slice), long> common = Common(rows, round, before);
            foreach (Slice slice in round)
            {
                CoveredSlices? cover = kept.Find(k => Of * common[(k.Slice, slice)] >= Share * slice.Rows);
                if (cover is not null)
                {
                    cover.Folded.Add(slice);
                }
                else if (kept.Count < most)
                {
                    kept.Add(new CoveredSlices(slice, []));
                }
                else
                {
                    break;
                }
            }
        }

        return kept;
    }

    /// <summary>Rows in both, of each slice of the round with each one before it.</summary>
    private static Dictionary<(Slice, Slice), long> Common(SliceRows rows, Slice[] round, Slice[] before)
    {
        List<(Slice, Slice)> pairs = [];
        for (int i = 0; i < round.Length; i++)
        {
            pairs.AddRange(before.Concat(round.Take(i)).Select(other => (other, round[i])));
        }

        int[][] both = [.. pairs.Select(p => p.Item1.Members.Union(p.Item2.Members).Order().ToArray())];
        int level = both.Length == 0 ? 1 : both.Max(m => m.Length);

        // A value more than once changes nothing, so all pairs are counted as of one level.
        int[] members = [.. both.SelectMany(m => m.Concat(Enumerable.Repeat(m[^1], level - m.Length)))];
        SliceCounts[] counts = rows.Count(level, members, rowsOnly: true);
        return pairs.Select((pair, i) => (pair, counts[i].Rows)).ToDictionary(c => c.pair, c => c.Rows, PairComparer.Instance);
    }

    /// <summary>Slices are the same when they are the same object.</summary>
    private sealed class PairComparer : IEqualityComparer<(Slice, Slice)>
    {
        public static PairComparer Instance { get; } = new();

        public bool Equals((Slice, Slice) x, (Slice, Slice) y) => ReferenceEquals(x.Item1, y.Item1) && ReferenceEquals(x.Item2, y.Item2);

        public int GetHashCode((Slice, Slice) pair) => HashCode.Combine(
            System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(pair.Item1), System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(pair.Item2));
    }
}
