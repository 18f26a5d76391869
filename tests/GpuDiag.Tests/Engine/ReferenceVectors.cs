using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Engine;

/// <summary>Operations on vectors from their definitions: every pair, scalar, in the canonical order of lanes.</summary>
internal static class ReferenceVectors
{
    public static unsafe void AddNeighbors(NeighborState state, VectorBlock block)
    {
        (VectorBlock queries, _, VectorMetric metric, bool excludeSelf, _) = state.Plan;
        int width = block.Width;
        for (long b = 0; b < block.Rows; b++)
        {
            float* vector = block.Row(b);
            double squared = Dot(vector, vector, width);
            state.BaseRows++;
            if (VectorDistance.IsExcluded(metric, squared))
            {
                state.ExcludedRows++;
                continue;
            }

            for (long q = 0; q < queries.Rows; q++)
            {
                float* query = queries.Row(q);
                double squaredQuery = Dot(query, query, width);
                bool isSelf = excludeSelf && block.FirstRow + b == queries.FirstRow + q;
                if (!isSelf && !VectorDistance.IsExcluded(metric, squaredQuery))
                {
                    state.Add(q, Key(metric, query, vector, width, squaredQuery, squared), block.FirstRow + b);
                }
            }
        }
    }

    public static unsafe double Dot(float* a, float* b, int width)
    {
        double[] lanes = new double[8];
        for (int i = 0; i < width; i++)
        {
            lanes[i % 8] = Math.FusedMultiplyAdd(a[i], b[i], lanes[i % 8]);
        }

        return Total(lanes);
    }

    public static unsafe double Key(VectorMetric metric, float* a, float* b, int width, double squaredA, double squaredB)
    {
        if (metric == VectorMetric.L2)
        {
            double[] lanes = new double[8];
            for (int i = 0; i < width; i++)
            {
                double difference = (double)a[i] - b[i];
                lanes[i % 8] = Math.FusedMultiplyAdd(difference, difference, lanes[i % 8]);
            }

            return Total(lanes);
        }

        double dot = Dot(a, b, width);
        return metric == VectorMetric.InnerProduct ? -dot : Math.Max(0, 1 - (dot / Math.Sqrt(squaredA * squaredB)));
    }

    private static double Total(double[] l) => ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]));
}
