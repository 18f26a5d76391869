using System.Text.Json.Nodes;
using GpuDiag.Analyses.Clusters;
using GpuDiag.Analyses.Maps;
using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Algebra;
using GpuDiag.Tests.Laws;

namespace GpuDiag.Tests.Golden;

/// <summary>k-means and PCA as scikit-learn has them (tools/peers/make_clusters_golden.py).</summary>
public sealed class ClustersGoldenTests : IDisposable
{
    private static readonly JsonNode Golden =
        JsonNode.Parse(GoldenData.Bytes("clusters.json"))!;

    private readonly VectorSet vectors = new([.. Numbers(Golden["vectors"]!).Select(v => (float)v)], (int)Golden["width"]!);

    private readonly CpuBackend cpu = new();

    public void Dispose()
    {
        cpu.Dispose();
        vectors.Dispose();
    }

    [Theory]
    [InlineData(VectorMetric.L2, "l2")]
    [InlineData(VectorMetric.Cosine, "cosine")]
    public void KMeans_FindsTheClustersOfThePeer_FromTheSameCentroids(VectorMetric metric, string name)
    {
        JsonNode expected = Golden[name]!;
        Clustering clustering = Run(metric);
        int[] labels = [.. Numbers(expected["labels"]!).Select(v => (int)v)];
        Assert.Equal(6, clustering.Count);
        Dictionary<int, int> number = [];
        for (int row = 0; row < labels.Length; row++)
        {
            Assert.Equal(number.TryGetValue(labels[row], out int c) ? c : number[labels[row]] = clustering.Nearest[row], clustering.Nearest[row]);
        }

        Assert.All(number, pair => Close(Numbers(expected["centroids"]![pair.Key]!), clustering.Centroids[pair.Value].Select(v => (double)v), 1e-6));
    }

    [Fact]
    public void Inertia_IsThatOfThePeer() =>
        Assert.Equal((double)Golden["l2"]!["inertia"]!, Run(VectorMetric.L2).Inertia, 1e-6 * (double)Golden["l2"]!["inertia"]!);

    [Fact]
    public void Map_IsPca()
    {
        JsonNode expected = Golden["pca"]!;
        PrincipalMap map = PrincipalMap.Of(cpu, vectors.Block, VectorRange.Of(vectors.Block, 2, default), 2, default)!;
        Close(Numbers(expected["variance"]!), map.Variance, 1e-6);
        Close(Numbers(expected["ratio"]!), map.Variance.Select(v => v / map.TotalVariance), 1e-6);
        for (int axis = 0; axis < 2; axis++)
        {
            double[] peer = Numbers(expected["axes"]![axis]!);
            int largest = Array.IndexOf(peer, peer.MaxBy(Math.Abs));
            double sign = Math.Sign(peer[largest]);
            Assert.True(map.Axes[axis][largest] > 0);
            Close(peer.Select(v => v * sign), map.Axes[axis], 1e-6);
            Close(expected["places"]!.AsArray().Select(p => (double)p![axis]! * sign), axis == 0 ? map.X : map.Y, 2e-5);
        }
    }

    private static double[] Numbers(JsonNode node) => [.. node.AsArray().Select(v => (double)v!)];

    private static void Close(IEnumerable<double> expected, IEnumerable<double> actual, double error) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, error));

    private unsafe Clustering Run(VectorMetric metric)
    {
        int width = vectors.Block.Width;
        float[] first = [.. Numbers(Golden["first"]!).SelectMany(row => new ReadOnlySpan<float>(vectors.Block.Row((long)row), width).ToArray())];
        return new KMeans
        {
            Backend = cpu,
            Vectors = vectors.Block,
            Metric = metric,
            Largest = VectorRange.Of(vectors.Block, 1, default).Largest,
            Threads = 2,
        }.Run(first);
    }
}
