using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>
/// The neighbours of every row, nearest first, ties by lower row: 12 bytes each. A row without a usable vector has none,
/// and is none's neighbour.
/// </summary>
/// <param name="rows">Rows that have lists: the queries.</param>
/// <param name="k">Neighbours per row at most.</param>
/// <param name="metric">Turns keys into distances.</param>
internal sealed class NeighborGraph(long rows, int k, VectorMetric metric)
{
    private readonly int pageRows = (int)Math.Clamp((1L << 30) / 12 / k, 1, Math.Max(1, rows));
    private readonly List<(int[] Rows, double[] Keys, int[] Found)> pages = [];

    public long Rows { get; } = rows;

    /// <summary>Neighbours per row at most.</summary>
    public int K { get; } = k;

    public VectorMetric Metric { get; } = metric;

    /// <summary>Takes the lists of further rows.</summary>
    public void Add(NeighborState piece)
    {
        long first = piece.Plan.Queries.FirstRow;
        for (long i = 0; i < piece.Plan.Queries.Rows; i++)
        {
            (int page, int at) = Place(first + i);
            while (pages.Count <= page)
            {
                int size = (int)Math.Min(pageRows, Rows - ((long)pages.Count * pageRows));
                pages.Add((new int[size * K], new double[size * K], new int[size]));
            }

            (int[] to, double[] keys, int[] found) = pages[page];
            ReadOnlySpan<long> neighbors = piece.Rows(i);
            found[at] = neighbors.Length;
            piece.Keys(i).CopyTo(keys.AsSpan(at * K));
            for (int j = 0; j < neighbors.Length; j++)
            {
                to[(at * K) + j] = (int)neighbors[j];
            }
        }
    }

    /// <summary>Row numbers of a row's neighbours, nearest first; fewer than k where there are not so many.</summary>
    public ReadOnlySpan<int> Neighbors(long row)
    {
        (int page, int at) = Place(row);
        return pages[page].Rows.AsSpan(at * K, pages[page].Found[at]);
    }

    /// <summary>The distance to the neighbour of this rank, 0 = nearest: Euclidean, or 1 − cosine.</summary>
    public double Distance(long row, int rank)
    {
        (int page, int at) = Place(row);
        return VectorDistance.FromKey(Metric, pages[page].Keys[(at * K) + rank]);
    }

    /// <summary>The mean distance to the neighbours, summed from the nearest on; NaN without neighbours.</summary>
    public double MeanDistance(long row)
    {
        int count = Neighbors(row).Length;
        double sum = 0;
        for (int rank = 0; rank < count; rank++)
        {
            sum += Distance(row, rank);
        }

        return sum / count;
    }

    /// <summary>The median over the rows with neighbours of the distance to the nearest; NaN when there are none.</summary>
    public double MedianNearest()
    {
        List<double> nearest = [];
        for (long row = 0; row < Rows; row++)
        {
            if (Neighbors(row).Length > 0)
            {
                nearest.Add(Distance(row, 0));
            }
        }

        nearest.Sort();
        return Percentile.OfSorted(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(nearest), 0.5);
    }

    private (int Page, int At) Place(long row) => ((int)(row / pageRows), (int)(row % pageRows));
}
