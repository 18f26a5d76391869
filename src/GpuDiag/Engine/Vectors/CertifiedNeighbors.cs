namespace GpuDiag.Engine.Vectors;

/// <summary>
/// Exact neighbours from a search by fast scores: what could be among the k nearest by the search's bound is measured
/// canonically, all else is proven further away. Every backend's result is that of <see cref="PairwiseNeighbors"/>.
/// </summary>
internal sealed class CertifiedNeighbors(NeighborPlan plan, INeighborSearch search) : IFold<VectorBlock, NeighborState>
{
    /// <summary>What is known of each row while a piece is searched takes some 50 bytes.</summary>
    private const long PieceRows = 1 << 22;

    private NeighborState state = new(plan);

    public void Accept(VectorBlock batch)
    {
        state.BaseRows += batch.Rows;
        for (long start = 0; start < batch.Rows; start += PieceRows)
        {
            NeighborPiece piece = new(state, batch.Slice(start, Math.Min(PieceRows, batch.Rows - start)), search);
            state.ExcludedRows += piece.ExcludedRows;
            search.Run(piece);
            piece.Finish();
        }
    }

    public NeighborState Take()
    {
        NeighborState taken = state;
        state = new NeighborState(plan);
        return taken;
    }

    public void Dispose() => search.Dispose();
}
