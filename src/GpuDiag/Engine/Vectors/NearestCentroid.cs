using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>The nearest centroid by its definition: the smallest canonical key, of equal ones the first.</summary>
internal sealed unsafe class NearestCentroid
{
    private readonly AssignPlan plan;
    private readonly double[] squared;

    public NearestCentroid(AssignPlan plan)
    {
        this.plan = plan;
        squared = new double[plan.Count];
        for (int c = 0; c < squared.Length; c++)
        {
            float* centroid = plan.Centroids.Row(c);
            squared[c] = VectorDistance.Dot(centroid, centroid, plan.Width);
        }
    }

    public bool IsExcluded(int centroid) => VectorDistance.IsExcluded(plan.Metric, squared[centroid]);

    /// <summary>|c|² in the canonical order.</summary>
    public double Squared(int centroid) => squared[centroid];

    /// <summary>The row's key with one centroid.</summary>
    public double Key(float* row, double squaredRow, int centroid) =>
        VectorDistance.Key(plan.Metric, row, plan.Centroids.Row(centroid), plan.Width, squaredRow, squared[centroid]);

    /// <summary>−1 and NaN for a row that is excluded, or when every centroid is.</summary>
    public int Find(float* row, double squaredRow, out double key)
    {
        int nearest = -1;
        key = double.NaN;
        for (int c = 0; c < squared.Length && !VectorDistance.IsExcluded(plan.Metric, squaredRow); c++)
        {
            if (!IsExcluded(c))
            {
                double candidate = Key(row, squaredRow, c);
                if (nearest < 0 || candidate < key)
                {
                    (nearest, key) = (c, candidate);
                }
            }
        }

        return nearest;
    }
}
