using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Clusters;

/// <summary>How often each value of one segment column occurs in each cluster.</summary>
internal sealed class ClusterValues(Domain segment, int clusters)
{
    private const double SureQ = 0.05, LeastLift = 1.2;
    private const int Most = 5;

    private readonly long[] counts = new long[checked(segment.Count * clusters)];

    /// <summary>A row of a cluster.</summary>
    public void Add(int cluster, int code) => counts[(code * clusters) + cluster]++;

    public void Merge(ClusterValues other)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
        }
    }

    /// <summary>
    /// By cluster the values with q at most 0.05 and a lift of at least 1.2; the five most sure, ties by lift, column and
    /// value. Clusters below the minimum support, and values that every row has, are not tested.
    /// </summary>
    public static ILookup<int, ClusterValue> OverRepresented(IReadOnlyList<ClusterValues> columns, int clusters, long minSupport)
    {
        List<(int Cluster, ClusterValue Value)> tested = [.. columns.SelectMany(c => c.Tests(clusters, minSupport))];
        double[] q = BenjaminiHochberg.QValues([.. tested.Select(t => t.Value.PValue)]);
        return tested
            .Select((t, i) => (t.Cluster, Value: t.Value with { QValue = q[i] }))
            .Where(t => t.Value.QValue <= SureQ && t.Value.Lift >= LeastLift)
            .GroupBy(t => t.Cluster, t => t.Value)
            .SelectMany(g => g
                .OrderBy(v => v.PValue)
                .ThenByDescending(v => v.Lift)
                .ThenBy(v => v.Column, StringComparer.Ordinal)
                .ThenBy(v => v.Value, StringComparer.Ordinal)
                .Take(Most)
                .Select(v => (Cluster: g.Key, Value: v)))
            .ToLookup(t => t.Cluster, t => t.Value);
    }

    private IEnumerable<(int Cluster, ClusterValue Value)> Tests(int clusters, long minSupport)
    {
        long[] sizes = new long[clusters];
        for (int i = 0; i < counts.Length; i++)
        {
            sizes[i % clusters] += counts[i];
        }

        long rows = sizes.Sum();
        for (int code = 0; code < segment.Count; code++)
        {
            long total = 0;
            for (int c = 0; c < clusters; c++)
            {
                total += counts[(code * clusters) + c];
            }

            for (int c = 0; c < clusters && total > 0 && total < rows; c++)
            {
                long here = counts[(code * clusters) + c], size = sizes[c];
                if (size < Math.Max(1, minSupport) || size == rows)
                {
                    continue;
                }

                // Rows without the value are the successes: is their share lower here than elsewhere?
                double p = TwoProportion.PValueLower(size - here, size, rows - size - (total - here), rows - size);
                double lift = (double)here / size / ((double)total / rows);
                yield return (c, new ClusterValue(segment.Name, code == Domain.Null ? null : segment.Text(code), here, lift, p, double.NaN));
            }
        }
    }
}
