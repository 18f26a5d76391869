using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>What to search for.</summary>
/// <param name="Queries">Stay in memory as long as the fold lives. At most 2³¹ / <paramref name="K"/> rows.</param>
/// <param name="K">Neighbours per query, at least 1.</param>
/// <param name="Metric">Orders the neighbours.</param>
/// <param name="ExcludeSelf">A base row with the query's own row number is none of its neighbours.</param>
/// <param name="Threads">Threads that one Accept may use. Changes the time only.</param>
public sealed record NeighborPlan(VectorBlock Queries, int K, VectorMetric Metric, bool ExcludeSelf, int Threads)
{
    /// <summary>Stops an Accept between pieces of its work, by <see cref="OperationCanceledException"/>; the fold is then of no more use.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>Receives pairs of query and base row that an Accept has done since the last call, from any thread; in sum all.</summary>
    public Action<long>? Progress { get; init; }
}
