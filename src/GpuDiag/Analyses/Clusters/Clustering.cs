using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Clusters;

/// <summary>Rows in clusters, numbered from the largest; of equal ones the one drawn first comes first.</summary>
/// <param name="Metric">What near means.</param>
/// <param name="Centroids">Per cluster its centroid.</param>
/// <param name="Nearest">Per row its cluster, −1 for an excluded row.</param>
/// <param name="Keys">Per row its key with the centroid (<see cref="VectorDistance"/>), NaN for an excluded row.</param>
/// <param name="Inertia">Sum of the keys.</param>
/// <param name="Excluded">Rows without a cluster.</param>
/// <param name="Steps">Steps that moved centroids.</param>
public sealed record Clustering(VectorMetric Metric, float[][] Centroids, int[] Nearest, double[] Keys, double Inertia, long Excluded, int Steps)
{
    public int Count => Centroids.Length;

    /// <summary>Per cluster the row nearest to its centroid, of equal ones the first; −1 for a cluster without rows.</summary>
    public long[] MedoidRows()
    {
        long[] medoids = new long[Count];
        Array.Fill(medoids, -1);
        for (int row = 0; row < Nearest.Length; row++)
        {
            int c = Nearest[row];
            if (c >= 0 && (medoids[c] < 0 || Keys[row] < Keys[medoids[c]]))
            {
                medoids[c] = row;
            }
        }

        return medoids;
    }

    internal static Clustering Of(AssignState state, ReadOnlySpan<float> centroids, int[] nearest, double[] keys, int steps)
    {
        int width = state.Plan.Width;
        long[] counts = state.Counts.ToArray();
        int[] order = [.. Enumerable.Range(0, counts.Length).Where(c => counts[c] > 0).OrderByDescending(c => counts[c])];
        int[] position = new int[counts.Length];
        float[][] kept = new float[order.Length][];
        for (int i = 0; i < order.Length; i++)
        {
            position[order[i]] = i;
            kept[i] = centroids.Slice(order[i] * width, width).ToArray();
        }

        for (int row = 0; row < nearest.Length; row++)
        {
            nearest[row] = nearest[row] < 0 ? -1 : position[nearest[row]];
        }

        return new Clustering(state.Plan.Metric, kept, nearest, keys, state.Inertia, state.ExcludedRows, steps);
    }
}
