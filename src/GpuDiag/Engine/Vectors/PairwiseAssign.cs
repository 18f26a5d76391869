using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>Every vector against every centroid by the canonical key: no candidates, no bound.</summary>
internal sealed unsafe class PairwiseAssign(AssignPlan plan) : IFold<AssignBatch, AssignState>
{
    private const int PieceRows = 256;
    private readonly NearestCentroid centroids = new(plan);
    private readonly AssignSums sums = new(plan);

    public void Accept(AssignBatch batch) => Parallel.For(
        0,
        (int)((batch.Vectors.Rows + PieceRows - 1) / PieceRows),
        new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, plan.Threads) },
        sums.Rent,
        (piece, _, state) =>
        {
            Assign(batch, piece * PieceRows, (int)Math.Min(batch.Vectors.Rows, (piece + 1L) * PieceRows), state);
            return state;
        },
        sums.Return);

    public AssignState Take() => sums.Take();

    public void Dispose()
    {
    }

    private void Assign(AssignBatch batch, int start, int end, AssignState state)
    {
        for (int i = start; i < end; i++)
        {
            float* row = batch.Vectors.Row(i);
            double squared = VectorDistance.Dot(row, row, plan.Width);
            int nearest = centroids.Find(row, squared, out double key);
            batch.Nearest.Span[i] = nearest;
            if (plan.Keys)
            {
                batch.Keys.Span[i] = key;
            }

            sums.Add(state, row, nearest, squared, key);
        }
    }
}
