using GpuDiag.Analyses.Clusters;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>One thread of the pass that counts the segment columns' values in each cluster.</summary>
internal sealed class ClusterPass : IBatchWorker
{
    /// <summary>Values above which a column is not counted: a value of so many describes few rows, and the counts take memory.</summary>
    private const int MostValues = 1000;

    private readonly int[] nearest;
    private readonly ClusterValues?[] shared;
    private readonly ClusterValues?[] mine;
    private readonly ScanStages stages;

    private ClusterPass(ScanPlan plan, ScanPass pass, int capacity, int[] nearest, int clusters, ClusterValues?[] shared)
    {
        this.nearest = nearest;
        this.shared = shared;
        mine = Empty(plan, clusters);
        stages = pass.Stages(capacity);
    }

    /// <summary>Reads every row once, unless there is nothing to count.</summary>
    /// <param name="plan">Its segments are counted.</param>
    /// <param name="pipeline">Reads the data.</param>
    /// <param name="rows">Of the data.</param>
    /// <param name="nearest">The cluster of each row; −1 for none.</param>
    /// <param name="clusters">Clusters.</param>
    /// <param name="clock">Times the pass.</param>
    public static IReadOnlyList<ClusterValues> Run(ScanPlan plan, Pipeline pipeline, long rows, int[] nearest, int clusters, StageClock clock)
    {
        ClusterValues?[] values = Empty(plan, clusters);
        if (values.Any(v => v is not null))
        {
            ScanPass pass = new(plan.Columns, Needs.Segments);
            int rowBytes = pass.RowBytes(0);
            clock.Pass("cluster values", "reading segments", rows, done =>
                pipeline.Run(pass.Requests, () => new ClusterPass(plan, pass, pipeline.BatchRows(rowBytes), nearest, clusters, values), rowBytes, done));
        }

        return [.. values.OfType<ClusterValues>()];
    }

    public void Accept(Batch batch)
    {
        for (int s = 0; s < mine.Length; s++)
        {
            CodeColumn segment = stages.Segments[s].Take(batch);
            if (mine[s] is { } values)
            {
                for (int i = 0; i < batch.Rows; i++)
                {
                    int cluster = nearest[batch.FirstRow + i];
                    if (cluster >= 0)
                    {
                        values.Add(cluster, segment[i]);
                    }
                }
            }
        }
    }

    public void Finish()
    {
        lock (shared)
        {
            for (int s = 0; s < mine.Length; s++)
            {
                shared[s]?.Merge(mine[s]!);
            }
        }
    }

    public void Dispose() => stages.Dispose();

    private static ClusterValues?[] Empty(ScanPlan plan, int clusters) =>
        [.. plan.Columns.Segments.Zip(plan.Columns.Roles.Segments, (s, role) => role.Hidden || s.Overflowed || s.Count > MostValues ? null : new ClusterValues(s, clusters))];
}
