using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Drift;

/// <summary>
/// Makes cells of a column that has no categories: bins of numbers, at edges that the reference gave, or clusters of vectors, by the nearest of
/// centroids that the reference gave. It is kept with the reference, so every dataset is cut alike.
/// </summary>
internal sealed class DriftCut
{
    private DriftCut(double[] edges, VectorMetric metric, int width, float[] centroids) => (Edges, Metric, Width, Centroids) = (edges, metric, width, centroids);

    /// <summary>Upper edges of bins, ascending, that of the last left out; empty for clusters.</summary>
    public double[] Edges { get; }

    public VectorMetric Metric { get; }

    /// <summary>Dimensions of the centroids; 0 for bins.</summary>
    public int Width { get; }

    /// <summary>Row by row.</summary>
    public float[] Centroids { get; }

    public bool IsClusters => Width > 0;

    /// <summary>A bin ends with the value in which the next of <paramref name="bins"/> equal parts of the numbers is reached; equal edges are one.</summary>
    /// <returns>Null where all numbers are in one bin.</returns>
    public static DriftCut? AtQuantiles(KeyHistogram values, int bins)
    {
        List<double> edges = [];
        long seen = 0;
        for (int i = 0; i < values.Distinct; i++)
        {
            (_, double high, long count) = values.Cell(i);
            long part = (long)((Int128)seen * bins / values.Count), next = (long)((Int128)(seen + count) * bins / values.Count);
            seen += count;
            if (next > part && seen < values.Count)
            {
                edges.Add(high);
            }
        }

        return edges.Count == 0 ? null : new DriftCut([.. edges], default, 0, []);
    }

    public static DriftCut AtCentroids(VectorMetric metric, int width, float[] centroids) => new([], metric, width, centroids);

    /// <summary>Every value is cut alike by both.</summary>
    public static bool Same(DriftCut? a, DriftCut? b) =>
        (a is null && b is null)
        || (a is not null && b is not null && a.Metric == b.Metric && a.Width == b.Width && a.Edges.AsSpan().SequenceEqual(b.Edges) && a.Centroids.AsSpan().SequenceEqual(b.Centroids));

    public void Write(BinaryWriter writer)
    {
        writer.Write(Edges.Length);
        Array.ForEach(Edges, writer.Write);
        writer.Write((byte)Metric);
        writer.Write(Width);
        writer.Write(Centroids.Length);
        Array.ForEach(Centroids, writer.Write);
    }

    /// <exception cref="InvalidDataException">No cut is so written.</exception>
    public static DriftCut Read(BinaryReader reader)
    {
        double[] edges = Numbers(reader, reader.ReadDouble);
        VectorMetric metric = (VectorMetric)reader.ReadByte();
        int width = reader.ReadInt32();
        float[] centroids = Numbers(reader, reader.ReadSingle);
        bool right = width == 0
            ? centroids.Length == 0 && edges.Length > 0 && edges.Zip(edges.Skip(1)).All(e => e.First < e.Second)
            : width > 0 && edges.Length == 0 && centroids.Length > 0 && centroids.Length % width == 0 && metric is VectorMetric.L2 or VectorMetric.Cosine && centroids.All(float.IsFinite);
        return right ? new DriftCut(edges, metric, width, centroids) : throw new InvalidDataException("the bins of a segment do not agree");
    }

    /// <summary>As many as the file holds, so that a wrong length takes no memory.</summary>
    private static T[] Numbers<T>(BinaryReader reader, Func<T> next)
    {
        List<T> numbers = [];
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            numbers.Add(next());
        }

        return [.. numbers];
    }
}
