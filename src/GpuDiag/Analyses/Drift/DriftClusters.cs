using System.Runtime.InteropServices;
using GpuDiag.Analyses.Clusters;
using GpuDiag.Analyses.Embeddings;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Drift;

/// <summary>
/// Clusters of the reference's embedding, and which of them each row of a dataset is nearest to. Centroids are k-means of a sample: the vectors with the
/// least hashes of their own bytes, in the order of these, so they depend on the multiset of vectors alone.
/// </summary>
internal sealed class DriftClusters(Backend backend, int threads, long? memory, CancellationToken cancel)
{
    /// <summary>A table of more cells is read by nobody.</summary>
    private const int MostClusters = 20;

    private const int MostVectors = 1 << 14;

    private const long MostBytes = 64L << 20;

    private const int PieceRows = 4096;

    private Least? sample;
    private int width;
    private bool uneven;

    private VectorRoom Room => new(memory / 2 ?? VectorRoom.DefaultBytes, Path.GetTempPath());

    /// <summary>Adds a dataset's vectors to the sample.</summary>
    public void Add(Dataset data, string column, Pipeline pipeline, Action<long> progress)
    {
        using VectorStore store = VectorStore.Read(data, column, pipeline, progress, Room);
        VectorBlock block = store.Block;
        uneven |= width > 0 && store.Width > 0 && store.Width != width;
        if (store.Width == 0 || uneven)
        {
            return;
        }

        width = store.Width;
        int most = (int)Math.Clamp(MostBytes / (width * sizeof(float)), MostClusters, MostVectors);
        sample ??= new Least(most);
        VectorMetric metric = EmbeddedRows.DefaultMetric(width);
        Parallel.For(
            0,
            (block.Rows + PieceRows - 1) / PieceRows,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancel },
            () => new Least(most),
            (piece, _, mine) =>
            {
                for (long row = piece * PieceRows; row < Math.Min(block.Rows, (piece + 1) * PieceRows); row++)
                {
                    Offer(mine, block, row, metric);
                }

                return mine;
            },
            mine =>
            {
                lock (sample!)
                {
                    foreach ((ulong hash, float[] vector) in mine.Vectors)
                    {
                        if (sample.Takes(hash))
                        {
                            sample.Add(hash, vector);
                        }
                    }
                }
            });
    }

    /// <summary>Null where there are not two different vectors, or their lengths differ.</summary>
    public unsafe DriftCut? Cut()
    {
        if (uneven || sample is not { Vectors.Count: > 1 })
        {
            return null;
        }

        float[] rows = [.. sample.Vectors.OrderBy(v => v.Key).SelectMany(v => v.Value)];
        int count = sample.Vectors.Count;
        VectorMetric metric = EmbeddedRows.DefaultMetric(width);
        fixed (float* pointer = rows)
        {
            VectorBlock block = new((nint)pointer, count, width, 0);
            Clustering clustering = Means(block, metric, VectorRange.Of(block, threads, cancel).Largest).Run(Math.Min(MostClusters, count), 0);
            return clustering.Count < 2 ? null : DriftCut.AtCentroids(metric, width, [.. clustering.Centroids.SelectMany(c => c)]);
        }
    }

    /// <summary>Per row its cluster, −1 for a row without a usable vector; null where the vectors are of another length.</summary>
    public int[]? Assign(Dataset data, string column, DriftCut cut, Pipeline pipeline)
    {
        using VectorStore store = VectorStore.Read(data, column, pipeline, null, Room);
        if (store.Width == 0)
        {
            int[] none = new int[data.Rows];
            Array.Fill(none, -1);
            return none;
        }

        if (store.Width != cut.Width)
        {
            return null;
        }

        float largest = VectorRange.Of(store.Block, threads, cancel).Largest;
        foreach (float value in cut.Centroids)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return Means(store.Block, cut.Metric, largest).Nearest(cut.Centroids);
    }

    private KMeans Means(VectorBlock vectors, VectorMetric metric, double largest) =>
        new() { Backend = backend, Vectors = vectors, Metric = metric, Largest = largest, Threads = threads, Cancel = cancel };

    private static unsafe void Offer(Least kept, VectorBlock block, long row, VectorMetric metric)
    {
        float* vector = block.Row(row);
        ReadOnlySpan<float> values = new(vector, block.Width);
        ulong hash = Hash(values);
        if (kept.Takes(hash) && !VectorDistance.IsExcluded(metric, VectorDistance.Dot(vector, vector, block.Width)))
        {
            kept.Add(hash, values.ToArray());
        }
    }

    private static ulong Hash(ReadOnlySpan<float> values)
    {
        ulong hash = 0;
        foreach (uint bits in MemoryMarshal.Cast<float, uint>(values))
        {
            hash = (hash ^ bits) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
        }

        return hash;
    }

    /// <summary>The vectors with the least hashes, each hash once.</summary>
    private sealed class Least(int most)
    {
        private readonly PriorityQueue<ulong, ulong> greatest = new(Comparer<ulong>.Create((a, b) => b.CompareTo(a)));

        public Dictionary<ulong, float[]> Vectors { get; } = [];

        public bool Takes(ulong hash) => (Vectors.Count < most || hash < greatest.Peek()) && !Vectors.ContainsKey(hash);

        public void Add(ulong hash, float[] vector)
        {
            Vectors.Add(hash, vector);
            greatest.Enqueue(hash, hash);
            if (Vectors.Count > most)
            {
                Vectors.Remove(greatest.Dequeue());
            }
        }
    }
}
