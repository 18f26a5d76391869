using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Clusters;

/// <summary>Which of the slices found are commoner in a cluster than in the others.</summary>
internal static class ClusterSlices
{
    private const double SureQ = 0.05, LeastLift = 1.2;
    private const int Most = 5;

    /// <summary>
    /// By cluster the slices with q at most 0.05, over every slice in every cluster of enough rows, and a lift of at least
    /// 1.2; the five most sure, ties by lift, then the better slice.
    /// </summary>
    public static ILookup<int, ClusterSlice> OverRepresented(Slices.Slices slices, IReadOnlyList<SliceResult> found, Clustering clustering, long minSupport)
    {
        long[] sizes = new long[clustering.Count];
        long[,] counts = new long[clustering.Count, slices.Count];
        for (long row = 0; row < clustering.Nearest.LongLength; row++)
        {
            int cluster = clustering.Nearest[row];
            if (cluster >= 0)
            {
                sizes[cluster]++;
                for (int slice = 0; slice < slices.Count; slice++)
                {
                    counts[cluster, slice] += slices.Has(slice, row) ? 1 : 0;
                }
            }
        }

        List<(int Cluster, ClusterSlice Slice)> tested = [];
        long rows = sizes.Sum();
        for (int slice = 0; slice < slices.Count; slice++)
        {
            long all = Enumerable.Range(0, clustering.Count).Sum(c => counts[c, slice]);
            for (int c = 0; c < clustering.Count && all > 0 && all < rows; c++)
            {
                long here = counts[c, slice], size = sizes[c];
                if (size >= Math.Max(1, minSupport) && size < rows)
                {
                    double p = TwoProportion.PValueLower(size - here, size, rows - size - (all - here), rows - size);
                    tested.Add((c, new ClusterSlice(slice, found[slice].Text, here, (double)here / size / ((double)all / rows), p, double.NaN)));
                }
            }
        }

        double[] q = BenjaminiHochberg.QValues([.. tested.Select(t => t.Slice.PValue)]);
        return tested
            .Select((t, i) => (t.Cluster, Slice: t.Slice with { QValue = q[i] }))
            .Where(t => t.Slice.QValue <= SureQ && t.Slice.Lift >= LeastLift)
            .GroupBy(t => t.Cluster, t => t.Slice)
            .SelectMany(g => g.OrderBy(s => s.PValue).ThenByDescending(s => s.Lift).ThenBy(s => s.Slice).Take(Most).Select(s => (Cluster: g.Key, Slice: s)))
            .ToLookup(t => t.Cluster, t => t.Slice);
    }
}
