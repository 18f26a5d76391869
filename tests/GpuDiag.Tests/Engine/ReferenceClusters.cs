using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Engine;

/// <summary>Steps of k-means and sums of products from their definitions: one row at a time, scalar.</summary>
internal static class ReferenceClusters
{
    public static unsafe void Assign(AssignState state, AssignBatch batch)
    {
        AssignPlan plan = state.Plan;
        for (int i = 0; i < batch.Vectors.Rows; i++)
        {
            float* row = batch.Vectors.Row(i);
            double squared = ReferenceVectors.Dot(row, row, plan.Width);
            (int nearest, double best) = Nearest(plan, row, squared);
            batch.Nearest.Span[i] = nearest;
            if (plan.Keys)
            {
                batch.Keys.Span[i] = best;
            }

            if (nearest < 0)
            {
                state.ExcludedRows++;
                continue;
            }

            state.Counts[nearest]++;
            state.ScaledInertia += new FixedSum(plan.Keys ? FixedSum.Quantize(Math.ScaleB(best, plan.Grid.KeyExponent)) : 0);
            double unit = plan.Metric == VectorMetric.Cosine ? 1 / Math.Sqrt(squared) : 1;
            for (int d = 0; d < plan.Width; d++)
            {
                state.Sums(nearest)[d] += (long)Math.Round(Math.ScaleB(row[d] * unit, plan.Grid.SumExponent), MidpointRounding.ToEven);
            }
        }
    }

    public static unsafe void AddProducts(CovarianceState state, VectorBlock block)
    {
        CovariancePlan plan = state.Plan;
        long[] steps = new long[plan.Width];
        for (long r = 0; r < block.Rows; r++)
        {
            float* row = block.Row(r);
            if (Enumerable.Range(0, plan.Width).Any(d => !float.IsFinite(block.Row(r)[d])))
            {
                state.ExcludedRows++;
                continue;
            }

            state.Rows++;
            for (int d = 0; d < plan.Width; d++)
            {
                double scaled = Math.Round((row[d] - plan.Shift[d]) * plan.Scale[d], MidpointRounding.ToEven);
                steps[d] = (long)Math.Clamp(scaled, -CovariancePlan.Largest, CovariancePlan.Largest);
                state.Sums[d] += steps[d];
            }

            for (int i = 0; i < plan.Width; i++)
            {
                for (int j = i; j < plan.Width; j++)
                {
                    state.Products(i)[j - i] += (Int128)steps[i] * steps[j];
                }
            }
        }
    }

    private static unsafe (int Nearest, double Key) Nearest(AssignPlan plan, float* row, double squared)
    {
        (int nearest, double best) = (-1, double.NaN);
        for (int c = 0; c < plan.Count && !VectorDistance.IsExcluded(plan.Metric, squared); c++)
        {
            float* centroid = plan.Centroids.Row(c);
            double squaredCentroid = ReferenceVectors.Dot(centroid, centroid, plan.Width);
            double key = ReferenceVectors.Key(plan.Metric, row, centroid, plan.Width, squared, squaredCentroid);
            if (!VectorDistance.IsExcluded(plan.Metric, squaredCentroid) && !(key >= best))
            {
                (nearest, best) = (c, key);
            }
        }

        return (nearest, best);
    }
}
