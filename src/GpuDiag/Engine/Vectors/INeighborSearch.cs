namespace GpuDiag.Engine.Vectors;

/// <summary>How a backend finds candidates: by fast scores, of which it knows a <see cref="NeighborBound"/>.</summary>
internal interface INeighborSearch : IDisposable
{
    /// <summary>Of the scores of vectors of the plan's metric and width.</summary>
    NeighborBound Bound(NeighborPlan plan);

    /// <summary>An order of the base rows that makes the search faster; null to leave them in theirs. For a base that is not the queries.</summary>
    int[]? Order(NeighborPlan plan, VectorBlock batch, DistinctRows rows) => null;

    /// <summary>
    /// Offers every pair of a query and a row of the piece whose fast score exceeds the query's threshold, and adds what
    /// is offered to the state.
    /// </summary>
    void Run(NeighborPiece piece);
}
