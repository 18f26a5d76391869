using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>
/// The nearest centroid of each vector as its one exact neighbour among the centroids: what <see cref="PairwiseAssign"/>
/// finds, at the speed of a search. Ties go to the first centroid, as they do to the lowest row.
/// </summary>
/// <param name="plan">What to assign to.</param>
/// <param name="neighbors">Makes the search.</param>
internal sealed unsafe class CertifiedAssign(AssignPlan plan, Func<NeighborPlan, IFold<VectorBlock, NeighborState>> neighbors) : IFold<AssignBatch, AssignState>
{
    /// <summary>Vectors whose lists stand at once.</summary>
    private const int SliceRows = 1 << 17;

    private const int PieceRows = 256;

    private readonly AssignSums sums = new(plan);

    public void Accept(AssignBatch batch)
    {
        for (long start = 0; start < batch.Vectors.Rows; start += SliceRows)
        {
            int rows = (int)Math.Min(SliceRows, batch.Vectors.Rows - start);
            AssignBatch slice = new(
                new VectorBlock((nint)batch.Vectors.Row(start), rows, plan.Width, 0),
                batch.Nearest.Slice((int)start, rows),
                plan.Keys ? batch.Keys.Slice((int)start, rows) : default);
            using IFold<VectorBlock, NeighborState> search = neighbors(new NeighborPlan(slice.Vectors, 1, plan.Metric, ExcludeSelf: false, plan.Threads));
            search.Accept(plan.Centroids);
            Add(slice, search.Take());
        }
    }

    public AssignState Take() => sums.Take();

    public void Dispose()
    {
    }

    private void Add(AssignBatch slice, NeighborState found) => Parallel.For(
        0,
        (int)((slice.Vectors.Rows + PieceRows - 1) / PieceRows),
        new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, plan.Threads) },
        sums.Rent,
        (piece, _, state) =>
        {
            for (int i = piece * PieceRows; i < (int)Math.Min(slice.Vectors.Rows, (piece + 1L) * PieceRows); i++)
            {
                bool any = found.Rows(i).Length > 0;
                int nearest = any ? (int)(found.Rows(i)[0] - plan.Centroids.FirstRow) : -1;
                double key = any ? found.Keys(i)[0] : double.NaN;
                slice.Nearest.Span[i] = nearest;
                if (plan.Keys)
                {
                    slice.Keys.Span[i] = key;
                }

                float* row = slice.Vectors.Row(i);
                sums.Add(state, row, nearest, plan.Metric == VectorMetric.Cosine ? VectorDistance.Dot(row, row, plan.Width) : 0, key);
            }

            return state;
        },
        sums.Return);
}
