using GpuDiag.Analyses.Metrics;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// The paired row bootstrap: to draw rows with replacement, each with both of its predictions, is to draw a multinomial over
/// the cells label × before × after. Replicate r draws from a stream keyed by (seed, stream, r). Interval = 2.5 and 97.5
/// percentiles of after − before.
/// </summary>
/// <param name="stream">Names the table; different tables draw independently.</param>
internal sealed class JointBootstrap(ulong seed, ulong stream)
{
    private readonly ulong key = Philox4x32.At(seed, stream, 1).First;

    /// <summary>Per <see cref="ConfusionStatistic"/>; a replicate in which one is undefined is left out of it; NaN when all are.</summary>
    public (double Low, double High)[] Intervals(JointTable table)
    {
        const int replicates = ConfusionBootstrap.Replicates;
        int[] classes = [.. table.Before.Classes.Union(table.After.Classes).Order()];
        (int Label, int Before, int After)[] cells = [.. table.Cells.Select(c => (At(c.Label), At(c.Before), At(c.After)))];
        long[] counts = [.. table.Cells.Select(c => c.Count)], drawn = new long[counts.Length];
        Tally before = new(classes.Length), after = new(classes.Length);
        double[] values = new double[ConfusionStatistics.Count * replicates];
        Span<double> left = stackalloc double[ConfusionStatistics.Count], right = stackalloc double[ConfusionStatistics.Count];
        for (int r = 0; r < replicates; r++)
        {
            Multinomial.Draw(counts, table.Rows, key, (ulong)r, drawn);
            before.Clear();
            after.Clear();
            for (int i = 0; i < drawn.Length; i++)
            {
                before.Add(cells[i].Label, cells[i].Before, drawn[i]);
                after.Add(cells[i].Label, cells[i].After, drawn[i]);
            }

            before.Compute(left);
            after.Compute(right);
            for (int g = 0; g < left.Length; g++)
            {
                values[(g * replicates) + r] = right[g] - left[g];
            }
        }

        (double, double)[] intervals = new (double, double)[ConfusionStatistics.Count];
        for (int g = 0; g < intervals.Length; g++)
        {
            Span<double> deltas = values.AsSpan(g * replicates, replicates);
            deltas.Sort();
            deltas = deltas[(deltas.LastIndexOf(double.NaN) + 1)..];
            intervals[g] = deltas.IsEmpty ? (double.NaN, double.NaN) : (Percentile.OfSorted(deltas, 0.025), Percentile.OfSorted(deltas, 0.975));
        }

        return intervals;

        int At(int position) => Array.BinarySearch(classes, position);
    }

    private sealed class Tally(int classes)
    {
        private readonly long[] hits = new long[classes], support = new long[classes], predicted = new long[classes];

        public void Clear()
        {
            Array.Clear(hits);
            Array.Clear(support);
            Array.Clear(predicted);
        }

        public void Add(int label, int prediction, long count)
        {
            support[label] += count;
            predicted[prediction] += count;
            hits[label] += label == prediction ? count : 0;
        }

        public void Compute(Span<double> statistics) => ConfusionStatistics.Compute(hits, support, predicted, statistics);
    }
}
