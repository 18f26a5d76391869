using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>Every query against every base row by the canonical distance: no candidates, no bound, N·M·D double operations.</summary>
internal sealed unsafe class PairwiseNeighbors(NeighborPlan plan) : IFold<VectorBlock, NeighborState>
{
    private NeighborState state = new(plan);

    public void Accept(VectorBlock batch)
    {
        double[] squared = Squares(batch);
        state.BaseRows += batch.Rows;
        state.ExcludedRows += squared.LongCount(s => VectorDistance.IsExcluded(plan.Metric, s));
        int width = batch.Width;
        Parallel.For(0, plan.Queries.Rows, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, plan.Threads), CancellationToken = plan.Cancel }, q =>
        {
            float* query = plan.Queries.Row(q);
            double squaredQuery = VectorDistance.Dot(query, query, width);
            long self = plan.ExcludeSelf ? plan.Queries.FirstRow + q - batch.FirstRow : -1;
            for (long b = 0; b < batch.Rows && !VectorDistance.IsExcluded(plan.Metric, squaredQuery); b++)
            {
                if (b != self && !VectorDistance.IsExcluded(plan.Metric, squared[b]))
                {
                    double key = VectorDistance.Key(plan.Metric, query, batch.Row(b), width, squaredQuery, squared[b]);
                    state.Add(q, key, batch.FirstRow + b);
                }
            }

            plan.Progress?.Invoke(batch.Rows);
        });
    }

    public NeighborState Take()
    {
        NeighborState taken = state;
        state = new NeighborState(plan);
        return taken;
    }

    public void Dispose()
    {
    }

    private static double[] Squares(VectorBlock block)
    {
        double[] squared = new double[block.Rows];
        for (long i = 0; i < squared.Length; i++)
        {
            squared[i] = VectorDistance.Dot(block.Row(i), block.Row(i), block.Width);
        }

        return squared;
    }
}
