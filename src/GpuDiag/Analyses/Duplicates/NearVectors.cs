using GpuDiag.Analyses.Neighbors;

namespace GpuDiag.Analyses.Duplicates;

/// <summary>
/// Joins rows nearer to each other than a fraction of what is usual. Goes along the lists of neighbours, so of a crowd of
/// more than k near rows each is joined to its k nearest: the crowd may come out as several sets. Equal vectors do not
/// depend on that (<see cref="EqualVectors"/>).
/// </summary>
internal static class NearVectors
{
    /// <summary>Of the median distance to the nearest neighbour.</summary>
    private const double Fraction = 0.13;

    /// <summary>The distance below which rows of this graph are near duplicates; NaN when it has no neighbours.</summary>
    public static double Threshold(NeighborGraph graph) => Fraction * graph.MedianNearest();

    /// <summary>
    /// Likewise from rows to those of another set. No more than among the rows themselves: where the other set is small,
    /// its nearest row is far, and that says nothing of what is the same.
    /// </summary>
    public static double Threshold(NeighborGraph graph, NeighborGraph other) => double.MinNumber(Threshold(graph), Threshold(other));

    /// <param name="sets">One item per row of the graph and, from <paramref name="offset"/> on, per row that is a neighbour.</param>
    /// <param name="graph">Who is near whom.</param>
    /// <param name="offset">The item of the first neighbour: 0 where rows are neighbours of each other.</param>
    /// <param name="threshold">The distance below which they are joined; NaN for none.</param>
    public static void Join(DisjointSets sets, NeighborGraph graph, long offset, double threshold)
    {
        for (long row = 0; row < graph.Rows; row++)
        {
            ReadOnlySpan<int> neighbors = graph.Neighbors(row);
            for (int rank = 0; rank < neighbors.Length && graph.Distance(row, rank) < threshold; rank++)
            {
                sets.Join((int)row, checked((int)(offset + neighbors[rank])));
            }
        }
    }
}
