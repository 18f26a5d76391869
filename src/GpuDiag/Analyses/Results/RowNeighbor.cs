namespace GpuDiag.Analyses.Results;

/// <summary>One line of the neighbours table.</summary>
/// <param name="Query">Id of the row, else its row number.</param>
/// <param name="Rank">1 = nearest.</param>
/// <param name="Neighbor">Id of the neighbour, else its row number.</param>
/// <param name="Distance">Euclidean, or 1 − cosine.</param>
/// <param name="Source">Where the neighbour is: "data" or "train".</param>
public sealed record RowNeighbor(string Query, int Rank, string Neighbor, double Distance, string Source)
{
    /// <summary>0-based position of the row in the dataset.</summary>
    public required long QueryRow { get; init; }

    /// <summary>0-based position of the neighbour in its dataset.</summary>
    public required long NeighborRow { get; init; }

    /// <summary>The neighbour's label; null without one, or for a class that the data does not have.</summary>
    public string? Label { get; init; }
}
