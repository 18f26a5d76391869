using GpuDiag.Analyses.Slices;
using GpuDiag.Engine;
using GpuDiag.Tests.Laws;

namespace GpuDiag.Tests.Analyses.Slices;

/// <summary>The search against every conjunction there is.</summary>
public sealed class SliceSearchTests
{
    [Theory]
    [InlineData("cpu 512", 2500)]
    [InlineData("cpu 256", 400)]
    [InlineData("cpu scalar", 400)]
    [InlineData("simulator 4", 4)]
    public void Search_FindsExactlyTheBestOfAllConjunctions(string backend, int cases)
    {
        for (int seed = 0; seed < cases; seed++)
        {
            Random random = new(seed);
            using SliceCase data = new(LawBackends.Of(backend), random);
            SliceOptions options = Options(random);
            SliceSearch search = SliceSearch.Run(data.Rows, options, options.Top, default);
            List<Slice> all = data.BruteForce(options);
            Assert.Equal(all.Take(options.Top).Select(Text), search.Best.Select(Text));
            Assert.True(search.IsComplete && search.Evaluated <= search.Formed);
        }
    }

    [Fact]
    public void Folding_TakesTheSlicesFromTheBestOn()
    {
        Backend backend = LawBackends.Of("cpu 512");
        for (int seed = 0; seed < 500; seed++)
        {
            Random random = new(seed);
            using SliceCase data = new(backend, random);
            SliceOptions options = Options(random);
            List<Slice> all = data.BruteForce(options);
            List<CoveredSlices> kept = SliceCover.Fold(data.Rows, SliceSearch.Run(data.Rows, options, 1000, default).Best, options.Top);
            Assert.Equal(
                data.Fold([.. all.Take(1000)], options.Top).Select(k => $"{Text(k.Slice)} {k.Folded}"),
                kept.Select(k => $"{Text(k.Slice)} {k.Folded.Count}"));
        }
    }

    [Theory]
    [InlineData(100, 10, 20, 6, 0.95, 1.7)] // 0.95·(0.3/0.1 − 1) − 0.05·(100/20 − 1)
    [InlineData(100, 10, 100, 10, 0.95, 0)]
    [InlineData(1000, 100, 50, 5, 0.5, -9.5)]
    public void Score_IsThePublishedOne(long n, long sum, long rows, long own, double alpha, double score) =>
        Assert.Equal(score, new SliceScore(n, sum, alpha, 1).Of(rows, own), 12);

    [Fact]
    public void Bound_IsAboveEverySliceBelow()
    {
        Random random = new(3);
        for (int i = 0; i < 20_000; i++)
        {
            long n = random.Next(10, 1000), sum = random.Next(1, 2000), least = random.Next(1, 10), most = random.Next(1, 50);
            SliceScore score = new(n, sum, Math.Max(0.01, random.NextDouble()), least);
            long rows = random.NextInt64(least, n + 1), own = Math.Min(sum, random.NextInt64(1, (rows * most) + 1));
            double bound = score.Bound(rows, own, most);
            for (int j = 0; j < 10; j++)
            {
                long fewer = random.NextInt64(least, rows + 1), less = Math.Min(own, random.NextInt64(1, (fewer * most) + 1));
                Assert.True(score.Of(fewer, less) <= bound);
            }

            Assert.True(score.Of(rows, own) <= bound);
        }
    }

    private static SliceOptions Options(Random random) => new()
    {
        Level = random.Next(0, 5),
        Top = random.Next(1, 13),
        Alpha = Math.Round(0.5 + (random.NextDouble() / 2), 2),
        MinRows = random.Next(1, 6),
    };

    private static string Text(Slice s) => $"{string.Join(' ', s.Members)}: {s.Rows} {s.Errors} {s.Sum} {s.Score:R}";
}
