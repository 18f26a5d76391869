using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Analyses.Clusters;

/// <summary>
/// Lloyd's k-means (1982) from k-means++ centroids. Each step assigns every row to its nearest centroid by the canonical
/// key and moves each centroid to the mean of its rows, whose sum is exact; so the clusters are the same on every
/// machine. It ends when at most one row in 10,000 changes its cluster, or after <see cref="MostSteps"/> steps. A
/// centroid without rows stays where it is, and is dropped at the end if it has none then.
/// </summary>
public sealed class KMeans
{
    public const int DefaultMostSteps = 30;

    private const long Still = 10_000;

    /// <summary>Bytes of vectors that one Accept takes: short enough for a GPU's memory, and for telling how far it is.</summary>
    private const long PieceBytes = 256L << 20;

    public required Backend Backend { get; init; }

    /// <summary>All rows, fewer than 2³¹.</summary>
    public required VectorBlock Vectors { get; init; }

    /// <summary>L2, or cosine: then centroids are means of unit vectors (spherical k-means).</summary>
    public required Kernels.Algebra.VectorMetric Metric { get; init; }

    /// <summary>The largest magnitude among the finite values.</summary>
    public required double Largest { get; init; }

    /// <summary>Threads that may compute.</summary>
    public required int Threads { get; init; }

    public int MostSteps { get; init; } = DefaultMostSteps;

    /// <summary>Receives how many rows have been assigned, all steps together, from any thread.</summary>
    public Action<long>? Progress { get; init; }

    public CancellationToken Cancel { get; init; }

    /// <summary>Clusters where none were asked for: √(rows/2), from 10 to 100.</summary>
    public static int DefaultClusters(long rows) => (int)Math.Clamp(Math.Round(Math.Sqrt(rows / 2.0)), 10, 100);

    /// <summary>From centroids that are drawn: <see cref="CentroidDraw"/>.</summary>
    /// <param name="clusters">At least 1. Fewer come out when there are fewer different rows.</param>
    /// <param name="seed">Keys the draw.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Clustering Run(int clusters, ulong seed) => Run(CentroidDraw.Draw(Vectors, Metric, clusters, seed, Threads, Cancel));

    /// <summary>From given centroids, row by row; none gives no cluster.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public unsafe Clustering Run(ReadOnlySpan<float> centroids)
    {
        int count = centroids.Length / Vectors.Width;
        int[] nearest = new int[Vectors.Rows], before = new int[Vectors.Rows];
        double[] keys = new double[Vectors.Rows];
        Array.Fill(before, -1);
        Array.Fill(nearest, -1);
        if (count == 0)
        {
            return new Clustering(Metric, [], nearest, keys, 0, 0, 0);
        }

        using AlignedMemory memory = new();
        AssignPlan plan = Plan(centroids, memory);
        Span<float> current = memory.Span<float>(centroids.Length);
        int steps = 0;
        for (bool moving = true; moving && steps < MostSteps; steps++)
        {
            AssignState state = Assign(plan, nearest, keys, steps);
            moving = Moved(nearest, before) > Vectors.Rows / Still;
            (nearest, before) = (before, nearest);
            for (int c = 0; c < count; c++)
            {
                if (state.Counts[c] > 0)
                {
                    state.Mean(c, current.Slice(c * Vectors.Width, Vectors.Width));
                }
            }
        }

        AssignState last = Assign(plan with { Keys = true }, nearest, keys, steps);
        return Clustering.Of(last, current, nearest, keys, steps);
    }

    /// <summary>Per row the nearest of given centroids, −1 for an excluded row; no centroid moves.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public int[] Nearest(ReadOnlySpan<float> centroids)
    {
        int[] nearest = new int[Vectors.Rows];
        using AlignedMemory memory = new();
        Assign(Plan(centroids, memory), nearest, new double[Vectors.Rows], 0);
        return nearest;
    }

    /// <summary>Copies the centroids to where a backend may read them.</summary>
    private AssignPlan Plan(ReadOnlySpan<float> centroids, AlignedMemory memory)
    {
        memory.Reserve((nuint)centroids.Length * sizeof(float));
        centroids.CopyTo(memory.Span<float>(centroids.Length));
        return new AssignPlan(
            new VectorBlock(memory.Pointer, centroids.Length / Vectors.Width, Vectors.Width, 0), Metric, AssignGrid.For(Metric, Largest, Vectors.Width, Vectors.Rows), false, Threads);
    }

    private static long Moved(int[] now, int[] before)
    {
        long moved = 0;
        for (int i = 0; i < now.Length; i++)
        {
            moved += now[i] != before[i] ? 1 : 0;
        }

        return moved;
    }

    private AssignState Assign(AssignPlan plan, int[] nearest, double[] keys, int step)
    {
        using IFold<AssignBatch, AssignState> fold = Backend.Assign(plan);
        long most = Math.Max(1, PieceBytes / ((long)Vectors.Width * sizeof(float)));
        for (long start = 0; start < Vectors.Rows; start += most)
        {
            Cancel.ThrowIfCancellationRequested();
            int rows = (int)Math.Min(most, Vectors.Rows - start);
            fold.Accept(new AssignBatch(Vectors.Slice(start, rows), nearest.AsMemory((int)start, rows), keys.AsMemory((int)start, rows)));
            Progress?.Invoke((step * Vectors.Rows) + start + rows);
        }

        return fold.Take();
    }
}
