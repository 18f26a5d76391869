using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>A line of the table of neighbours.</summary>
/// <param name="Query">0-based position among the queries.</param>
/// <param name="Rank">1 is the nearest.</param>
/// <param name="Neighbor">0-based position in the base.</param>
/// <param name="Distance">Euclidean, 1 − cosine, or the inner product, by the metric.</param>
public readonly record struct KnnRow(long Query, int Rank, long Neighbor, double Distance);

/// <summary>One side of a search.</summary>
/// <param name="Rows">All rows, excluded ones among them.</param>
/// <param name="Null">Rows without a vector: excluded.</param>
/// <param name="Unusable">Further excluded rows: a value is NaN or infinite or, under cosine, all are zero.</param>
public sealed record KnnSide(long Rows, long Null, long Unusable);

/// <summary>
/// Order statistics of distances, each the distance of rank ⌊q·(n−1)⌋; exact up to a million distinct distances, beyond
/// that rounded down to one of about a million steps. Null without neighbours.
/// </summary>
public sealed record DistanceQuantiles(double Least, double Quarter, double Median, double ThreeQuarters, double Greatest);

/// <summary>What a search says in short; the same on every machine.</summary>
public sealed record KnnResult
{
    public required KnnSide Queries { get; init; }

    /// <summary>The same as <see cref="Queries"/> when these were searched among themselves.</summary>
    public required KnnSide Base { get; init; }

    public required bool IsSelf { get; init; }

    public required int Width { get; init; }

    public required VectorMetric Metric { get; init; }

    /// <summary>As asked for.</summary>
    public required int K { get; init; }

    /// <summary>Lines of the table.</summary>
    public required long Neighbors { get; init; }

    /// <summary>Queries that are not excluded and got fewer than k neighbours, because the base has no more.</summary>
    public required long ShortLists { get; init; }

    /// <summary>To each query's nearest neighbour.</summary>
    public required DistanceQuantiles? Nearest { get; init; }

    /// <summary>To each query's last neighbour, the k-th where the base has so many.</summary>
    public required DistanceQuantiles? Last { get; init; }
}
