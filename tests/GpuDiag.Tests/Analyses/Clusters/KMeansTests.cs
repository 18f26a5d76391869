using GpuDiag.Analyses.Clusters;
using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Laws;

namespace GpuDiag.Tests.Analyses.Clusters;

public sealed class KMeansTests
{
    [Theory]
    [InlineData(VectorMetric.L2)]
    [InlineData(VectorMetric.Cosine)]
    public void EqualRows_AreOneCluster(VectorMetric metric)
    {
        Clustering clustering = Run([.. Enumerable.Repeat(new[] { 3f, -1f }, 50).SelectMany(v => v)], 2, metric, 10);
        Assert.Equal([3f, -1f], clustering.Centroids.Single().Select(v => metric == VectorMetric.L2 ? v : MathF.Round(v * MathF.Sqrt(10))));
        Assert.All(clustering.Nearest, c => Assert.Equal(0, c));
        Assert.InRange(clustering.Inertia, 0, 1e-12);
    }

    [Fact]
    public void Clusters_AreNumberedFromTheLargest()
    {
        float[] values = [0, 0, 1, 1, 1, 1, 5, 5, 5];
        Clustering clustering = Run(values, 1, VectorMetric.L2, 3);
        Assert.Equal([2, 2, 0, 0, 0, 0, 1, 1, 1], clustering.Nearest);
        Assert.Equal([[1f], [5f], [0f]], clustering.Centroids);
        Assert.Equal(0, clustering.Inertia);
    }

    [Fact]
    public void BrokenRows_AreInNoCluster()
    {
        float[] values = [0, 0, float.NaN, 1, 4, float.PositiveInfinity, 4, 4, 0, 1];
        Clustering l2 = Run(values, 2, VectorMetric.L2, 2), cosine = Run(values, 2, VectorMetric.Cosine, 2);
        Assert.Equal([false, true, true, false, false], l2.Nearest.Select(c => c < 0));
        Assert.Equal([true, true, true, false, false], cosine.Nearest.Select(c => c < 0));
        Assert.Equal((2, 3), (l2.Excluded, cosine.Excluded));
        Assert.Equal(0, Run([float.NaN, float.NaN], 1, VectorMetric.L2, 5).Count);
    }

    [Fact]
    public void Seed_ChangesTheDraw_AndNothingElseDoes()
    {
        Random random = new(3);
        float[] values = [.. Enumerable.Range(0, 6000).Select(_ => (float)random.NextDouble())];
        int[] one = Run(values, 2, VectorMetric.L2, 20).Nearest;
        Assert.Equal(one, Run(values, 2, VectorMetric.L2, 20, threads: 3).Nearest);
        Assert.NotEqual(one, Run(values, 2, VectorMetric.L2, 20, seed: 1).Nearest);
    }

    [Fact]
    public void Draw_SpreadsOverAllGroups()
    {
        Random random = new(4);
        float[] values = [.. Enumerable.Range(0, 9000).Select(i => (1000 * (i % 30)) + (float)random.NextDouble())];
        using VectorSet vectors = new(values, 1);
        float[] centroids = CentroidDraw.Draw(vectors.Block, VectorMetric.L2, 30, 0, 2, default);
        Assert.Equal(Enumerable.Range(0, 30), centroids.Select(v => (int)(v / 1000)).Order());
    }

    private static Clustering Run(float[] values, int width, VectorMetric metric, int clusters, ulong seed = 0, int threads = 2)
    {
        using VectorSet vectors = new(values, width);
        using CpuBackend cpu = new();
        return new KMeans
        {
            Backend = cpu,
            Vectors = vectors.Block,
            Metric = metric,
            Largest = VectorRange.Of(vectors.Block, threads, default).Largest,
            Threads = threads,
        }.Run(clusters, seed);
    }
}
