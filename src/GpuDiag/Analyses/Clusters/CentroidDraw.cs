using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Clusters;

/// <summary>
/// First centroids by k-means++ (Arthur and Vassilvitskii, 2007) among a keyed sample of the rows: each next one is drawn
/// with a probability proportional to its key with the nearest so far. Depends on the rows and the seed alone.
/// </summary>
internal static unsafe class CentroidDraw
{
    /// <summary>Rows of the sample per centroid: enough that no cluster of a centroid's size goes unseen.</summary>
    private const int SamplePerCentroid = 32;

    private const int LeastSample = 2048, PieceRows = 256;

    private const ulong SampleStream = 0x53616D70, DrawStream = 0x44726177;

    /// <returns>Centroids row by row; fewer than asked for when the sample holds fewer different rows.</returns>
    public static float[] Draw(VectorBlock vectors, VectorMetric metric, int clusters, ulong seed, int threads, CancellationToken cancel)
    {
        (long[] rows, double[] squared) = Sample(vectors, metric, Math.Max(LeastSample, (long)SamplePerCentroid * clusters), seed);
        if (rows.Length == 0)
        {
            return [];
        }

        double[] keys = new double[rows.Length];
        Array.Fill(keys, double.PositiveInfinity);
        PhiloxStream stream = new(seed, DrawStream);
        ParallelOptions options = new() { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancel };
        List<int> drawn = [(int)(stream.NextUnit() * rows.Length)];
        while (drawn.Count < clusters)
        {
            int latest = drawn[^1];
            Parallel.For(0, (rows.Length + PieceRows - 1) / PieceRows, options, piece =>
            {
                float* centroid = vectors.Row(rows[latest]);
                for (int i = piece * PieceRows; i < Math.Min(rows.Length, (piece + 1) * PieceRows); i++)
                {
                    double key = VectorDistance.Key(metric, vectors.Row(rows[i]), centroid, vectors.Width, squared[i], squared[latest]);
                    keys[i] = i == latest ? 0 : Math.Min(keys[i], key);
                }
            });
            int next = Pick(keys, stream.NextUnit());
            if (next < 0)
            {
                break;
            }

            drawn.Add(next);
        }

        float[] centroids = new float[drawn.Count * vectors.Width];
        for (int c = 0; c < drawn.Count; c++)
        {
            new ReadOnlySpan<float>(vectors.Row(rows[drawn[c]]), vectors.Width).CopyTo(centroids.AsSpan(c * vectors.Width));
        }

        return centroids;
    }

    /// <summary>Different rows that are not excluded, with |row|²: all of them, or so many drawn ones.</summary>
    private static (long[] Rows, double[] Squared) Sample(VectorBlock vectors, VectorMetric metric, long most, ulong seed)
    {
        List<long> rows = [];
        List<double> squared = [];
        if (vectors.Rows <= 2 * most)
        {
            for (long row = 0; row < vectors.Rows; row++)
            {
                Add(row);
            }

            return ([.. rows], [.. squared]);
        }

        HashSet<long> seen = [];
        for (ulong draw = 0; rows.Count < most && draw < 4 * (ulong)most; draw++)
        {
            long row = (long)(Philox4x32.At(seed, SampleStream, draw).First % (ulong)vectors.Rows);
            if (seen.Add(row))
            {
                Add(row);
            }
        }

        return ([.. rows], [.. squared]);

        void Add(long row)
        {
            double square = VectorDistance.Dot(vectors.Row(row), vectors.Row(row), vectors.Width);
            if (!VectorDistance.IsExcluded(metric, square))
            {
                rows.Add(row);
                squared.Add(square);
            }
        }
    }

    /// <summary>The place at which the keys' running sum passes the share of their total; −1 when all are 0.</summary>
    private static int Pick(double[] keys, double share)
    {
        double total = 0;
        foreach (double key in keys)
        {
            total += key;
        }

        double target = share * total, sum = 0;
        int last = -1;
        for (int i = 0; i < keys.Length; i++)
        {
            sum += keys[i];
            last = keys[i] > 0 ? i : last;
            if (keys[i] > 0 && sum > target)
            {
                return i;
            }
        }

        return last;
    }
}
