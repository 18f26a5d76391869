namespace GpuDiag.Analyses.Results;

/// <summary>One line of the neighbours table.</summary>
/// <param name="Query">Id of the row, else its row number.</param>
/// <param name="Rank">1 = nearest.</param>
/// <param name="Neighbor">Id of the neighbour, else its row number.</param>
/// <param name="Distance">Euclidean, or 1 − cosine.</param>
/// <param name="Source">Where the neighbour is: "data" or "train".</param>
public sealed record RowNeighbor(string Query, int Rank, string Neighbor, double Distance, string Source);
