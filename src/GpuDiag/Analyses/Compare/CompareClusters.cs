using GpuDiag.Analyses.Clusters;
using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// The cluster of each row of BEFORE: of all rows, whatever either model makes of them, so a cluster is no more likely to get better
/// than to get worse. From BEFORE's embedding they are those of its scan, number by number.
/// </summary>
internal sealed class CompareClusters
{
    private readonly int[] nearest;

    /// <param name="nearest">Per row its cluster, −1 for none.</param>
    /// <param name="count">Clusters are below this.</param>
    /// <param name="medoids">Per cluster the row nearest to its centroid; empty where that is not known.</param>
    /// <param name="origin">Where they are from.</param>
    public CompareClusters(int[] nearest, int count, long[] medoids, ClusterOrigin origin)
    {
        (this.nearest, Count, Medoids, Origin) = (nearest, count, medoids, origin);
        for (int cluster = 0; cluster < count; cluster++)
        {
            Domain.Code(cluster);
        }
    }

    /// <summary>The code of a cluster is its number and 1 more.</summary>
    public Domain Domain { get; } = new("cluster");

    public int Count { get; }

    public long[] Medoids { get; }

    public ClusterOrigin Origin { get; }

    /// <summary>From BEFORE's embedding, else from a scan that kept the cluster of every row. Null: neither was named.</summary>
    /// <exception cref="InputException">The embedding or the scan cannot be read.</exception>
    public static CompareClusters? Of(CompareSide before, CompareOptions options, int threads, StageClock clock, CancellationToken cancel)
    {
        if (before.Roles.Embedding is not { } field)
        {
            return options.Cases is { } folder && Directory.Exists(folder) ? ScanClusters.Of(before, folder, clock) : null;
        }

        try
        {
            return Embedded(before, field, options, threads, clock, cancel);
        }
        catch (InputException) when (options.Before.Embedding is null)
        {
            // It was not asked for, and all else can be told without it. The fault names files and rows, which results do not.
            return new CompareClusters([], 0, [], new ClusterOrigin(null, field.Name, null, $"its vectors cannot be read as rows of one length; --embedding {field.Name} says why"));
        }
    }

    /// <summary>Writes them.</summary>
    public static void Save(BinaryWriter writer, CompareClusters? clusters)
    {
        writer.Write(clusters is not null);
        if (clusters is null)
        {
            return;
        }

        writer.Write(clusters.nearest.Length);
        Array.ForEach(clusters.nearest, n => writer.Write7BitEncodedInt(n + 1));
        writer.Write(clusters.Count);
        writer.Write(clusters.Medoids.Length);
        Array.ForEach(clusters.Medoids, writer.Write);
        foreach (string? text in (string?[])[clusters.Origin.By, clusters.Origin.Source, clusters.Origin.Metric, clusters.Origin.Reason])
        {
            writer.Write(text is not null);
            writer.Write(text ?? "");
        }
    }

    /// <summary>Reads what was written.</summary>
    public static CompareClusters? Load(BinaryReader reader)
    {
        if (!reader.ReadBoolean())
        {
            return null;
        }

        int[] nearest = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.Read7BitEncodedInt() - 1)];
        int count = reader.ReadInt32();
        long[] medoids = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt64())];
        return new CompareClusters(nearest, count, medoids, new ClusterOrigin(Text(), Text()!, Text(), Text()));

        string? Text()
        {
            bool there = reader.ReadBoolean();
            string text = reader.ReadString();
            return there ? text : null;
        }
    }

    /// <summary>Codes of clusters of consecutive rows, 0 for none.</summary>
    public void Fill(long first, Span<int> codes)
    {
        ReadOnlySpan<int> rows = nearest.AsSpan((int)first, codes.Length);
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = rows[i] + 1;
        }
    }

    /// <summary>Values of BEFORE's segments that are commoner in a cluster; known once all rows were read.</summary>
    public ILookup<int, ClusterValue> OverRepresented(CompareSide before, long minSupport, StageClock clock) =>
        ClusterValues.OverRepresented(ClusterPass.Run(before.Rows, before.Reader, before.Data.Rows, nearest, Count, clock), Count, minSupport);

    private static CompareClusters Embedded(CompareSide before, Field field, CompareOptions options, int threads, StageClock clock, CancellationToken cancel)
    {
        VectorStore? read = null;
        long room = options.Before.Memory / 2 ?? VectorRoom.DefaultBytes;
        clock.Pass("embeddings", "reading embeddings", before.Data.Rows, done => read = VectorStore.Read(before.Data, field.Name, before.Reader, done, new VectorRoom(room, options.Scratch)));
        using VectorStore store = read!;
        if (store.Width == 0)
        {
            return new CompareClusters([], 0, [], new ClusterOrigin(null, field.Name, null, "every vector is null"));
        }

        VectorBlock vectors = store.Block;
        VectorMetric metric = options.Before.Metric ?? EmbeddedRows.DefaultMetric(vectors.Width);
        VectorRange range = clock.Time("range", () => VectorRange.Of(vectors, threads, cancel));
        long usable = clock.Time("lengths", () => EmbeddedRows.Squares(vectors, threads)).LongCount(square => !VectorDistance.IsExcluded(metric, square));
        Clustering clustering = ClusterStage.Cluster(before.Rows.Backend, vectors, range, metric, usable, options.Before, threads, clock, cancel);
        return new CompareClusters(
            clustering.Nearest, clustering.Count, clustering.MedoidRows(), new ClusterOrigin("embedding", field.Name, metric == VectorMetric.Cosine ? "cosine" : "l2", null));
    }
}
