using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>What to assign vectors to.</summary>
/// <param name="Centroids">At least one; stay in memory as long as the fold lives. Those that <see cref="VectorDistance.IsExcluded"/> excludes are nobody's nearest.</param>
/// <param name="Metric">What nearest means. Under cosine the sums are of unit vectors.</param>
/// <param name="Grid">What the sums are kept in.</param>
/// <param name="Keys">Each row's key is given and the inertia summed: a double operation per row and dimension more.</param>
/// <param name="Threads">Threads that one Accept may use. Changes the time only.</param>
public sealed record AssignPlan(VectorBlock Centroids, VectorMetric Metric, AssignGrid Grid, bool Keys, int Threads)
{
    public int Count => (int)Centroids.Rows;

    public int Width => Centroids.Width;
}
