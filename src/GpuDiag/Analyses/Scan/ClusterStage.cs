using GpuDiag.Analyses.Clusters;
using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Maps;
using GpuDiag.Analyses.Results;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Scan;

/// <summary>What clusters and the map say of the rows.</summary>
/// <param name="Clusters">Most surely worst first.</param>
/// <param name="Map">Null when fewer than two rows have a usable vector.</param>
/// <param name="Clustering">The cluster of each row.</param>
/// <param name="Note">Adds cluster and coordinates to a row of the rows table.</param>
internal sealed record ClusterStage(IReadOnlyList<ClusterResult> Clusters, MapResult? Map, Clustering Clustering, Func<RowResult, RowResult> Note)
{
    public static ClusterStage Run(
        EmbeddedRows rows, SliceStage? slices, ScanPlan plan, Pipeline pipeline, ScanOptions options, int threads, StageClock clock, CancellationToken cancel)
    {
        VectorBlock vectors = rows.Vectors.Block;
        VectorRange range = clock.Time("range", () => VectorRange.Of(vectors, threads, cancel));
        PrincipalMap? map = clock.Time("map", () => PrincipalMap.Of(plan.Backend, vectors, range, threads, cancel));
        long usable = rows.Rows - rows.NanRows - rows.ZeroRows;
        Clustering clustering = Cluster(plan.Backend, vectors, range, rows.Metric, usable, options, threads, clock, cancel);
        IReadOnlyList<ClusterValues> values = ClusterPass.Run(plan, pipeline, rows.Rows, clustering.Nearest, clustering.Count, clock);
        IReadOnlyList<ClusterResult> table = new ClusterTable(clustering, rows.Facts, map, values, options.MinSupport).Clusters();
        ILookup<int, ClusterSlice>? over = slices is null ? null : ClusterSlices.OverRepresented(slices.Rows, slices.Result.Slices, clustering, options.MinSupport);
        return new ClusterStage(
            over is null ? table : [.. table.Select(c => c with { Slices = [.. over[c.Cluster]] })],
            map is null ? null : Describe(map) with { Rows = usable },
            clustering,
            row => row with
            {
                Cluster = clustering.Nearest[row.Row] is >= 0 and var cluster ? cluster : null,
                X = Number(map?.X[row.Row]),
                Y = Number(map?.Y[row.Row]),
            });
    }

    /// <summary>The clusters of all rows, whatever is asked of them: the same data and options give the same numbers to the same rows.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="vectors">All rows.</param>
    /// <param name="range">Of their values.</param>
    /// <param name="metric">Which rows are near.</param>
    /// <param name="usable">Rows that are not excluded.</param>
    /// <param name="options">Clusters at most, and the seed.</param>
    /// <param name="threads">Threads that may work.</param>
    /// <param name="clock">Times the stage.</param>
    /// <param name="cancel">Stops it.</param>
    public static Clustering Cluster(
        Backend backend, VectorBlock vectors, VectorRange range, VectorMetric metric, long usable, ScanOptions options, int threads, StageClock clock, CancellationToken cancel)
    {
        int clusters = (int)Math.Min(options.Clusters ?? KMeans.DefaultClusters(usable), Math.Max(1, usable));
        Clustering clustering = null!;
        clock.Pass("clusters", "clustering", vectors.Rows * (KMeans.DefaultMostSteps + 1), done => clustering = new KMeans
        {
            Backend = backend,
            Vectors = vectors,
            Metric = metric,
            Largest = range.Largest,
            Threads = threads,
            Progress = done,
            Cancel = cancel,
        }.Run(clusters, options.Seed));
        return clustering;
    }

    private static MapResult Describe(PrincipalMap map) =>
        new("pca", map.Variance, [.. map.Variance.Select(v => map.TotalVariance > 0 ? v / map.TotalVariance : 0)]);

    private static double? Number(double? value) => value is double v && double.IsFinite(v) ? v : null;
}
