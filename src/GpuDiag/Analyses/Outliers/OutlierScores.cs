using GpuDiag.Analyses.Neighbors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Outliers;

/// <summary>
/// How far each row lies from the others. d̄ is the mean distance to the k nearest; the score is exp(−d̄ / median d̄), from
/// 1 (among its like) to 0; a row is an outlier when d̄ &gt; Q3 + 1.7·(Q3 − Q1). Median and quartiles are exact, over all rows
/// with neighbours, by linear interpolation.
/// </summary>
internal sealed class OutlierScores
{
    /// <summary>Interquartile ranges above the third quartile.</summary>
    private const double Reach = 1.7;

    private readonly double[] means;
    private readonly double[] sorted;

    public OutlierScores(NeighborGraph graph)
    {
        means = new double[graph.Rows];
        for (long row = 0; row < means.LongLength; row++)
        {
            means[row] = graph.MeanDistance(row);
        }

        sorted = [.. means.Where(d => !double.IsNaN(d))];
        Array.Sort(sorted);
        Scored = sorted.LongLength;
        Median = Kernels.Algebra.Percentile.OfSorted(sorted, 0.5);
        double low = Kernels.Algebra.Percentile.OfSorted(sorted, 0.25), high = Kernels.Algebra.Percentile.OfSorted(sorted, 0.75);
        Threshold = high + (Reach * (high - low));
    }

    /// <summary>Rows with neighbours.</summary>
    public long Scored { get; }

    /// <summary>NaN when no row has neighbours.</summary>
    public double Median { get; }

    /// <summary>Outliers have a greater d̄.</summary>
    public double Threshold { get; }

    /// <summary>d̄; NaN without neighbours.</summary>
    public double MeanDistance(long row) => means[row];

    /// <summary>0 = worst; NaN without neighbours. Where the median is 0, 1 for d̄ = 0, else 0.</summary>
    public double Score(long row)
    {
        double mean = means[row];
        return Median > 0 ? Deterministic.Exp(-mean / Median) : double.IsNaN(mean) ? mean : mean > 0 ? 0 : 1;
    }

    /// <summary>The share of the scored rows with a smaller d̄; NaN without neighbours.</summary>
    public double Percentile(long row)
    {
        double mean = means[row];
        if (double.IsNaN(mean))
        {
            return mean;
        }

        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = sorted[middle] < mean ? (middle + 1, high) : (low, middle);
        }

        return (double)low / sorted.Length;
    }

    public bool IsOutlier(long row) => means[row] > Threshold;

    /// <summary>The outliers, farthest first, then by row.</summary>
    public long[] Rows()
    {
        List<long> rows = [];
        for (long row = 0; row < means.LongLength; row++)
        {
            if (IsOutlier(row))
            {
                rows.Add(row);
            }
        }

        return [.. rows.OrderByDescending(row => means[row]).ThenBy(row => row)];
    }
}
