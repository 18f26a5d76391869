using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>What to search for.</summary>
/// <param name="Queries">Stay in memory as long as the fold lives. At most 2³¹ / <paramref name="K"/> rows.</param>
/// <param name="K">Neighbours per query, at least 1.</param>
/// <param name="Metric">Orders the neighbours.</param>
/// <param name="ExcludeSelf">A base row with the query's own row number is none of its neighbours.</param>
/// <param name="Threads">Threads that one Accept may use. Changes the time only.</param>
public sealed record NeighborPlan(VectorBlock Queries, int K, VectorMetric Metric, bool ExcludeSelf, int Threads);
