using GpuDiag.Analyses.Metrics;

namespace GpuDiag.Tests.Analyses;

/// <summary>Classes that are confused stand side by side.</summary>
public class SimilarityOrderTests
{
    [Fact]
    public void ConfusedClasses_StandSideBySide()
    {
        // 0–3 most, then 3–5, then 1–4; 2 with none.
        var pairs = new Dictionary<(int, int), long> { [(1, 4)] = 10, [(3, 5)] = 20, [(0, 3)] = 30 };
        Assert.Equal([0, 3, 5, 1, 4, 2], SimilarityOrder.Of([100, 100, 100, 100, 100, 100], pairs));
    }

    [Fact]
    public void Shares_DecideNotCounts()
    {
        // 20 of 200 rows is less than 10 of 20.
        var pairs = new Dictionary<(int, int), long> { [(0, 1)] = 20, [(1, 2)] = 10 };
        int[] order = SimilarityOrder.Of([190, 10, 10], pairs);
        Assert.Equal([0, 1, 2], order);
        Assert.Equal([0, 2, 1], SimilarityOrder.Of([190, 10, 10], new Dictionary<(int, int), long> { [(0, 2)] = 20, [(1, 2)] = 10 }));
    }

    [Fact]
    public void ChainsJoinAtTheEndsThatBringThePairNearest()
    {
        // Chains 0–1 and 2–3; then 0 and 3 meet: 1 0 3 2.
        var pairs = new Dictionary<(int, int), long> { [(0, 1)] = 50, [(2, 3)] = 40, [(0, 3)] = 10 };
        Assert.Equal([1, 0, 3, 2], SimilarityOrder.Of([100, 100, 100, 100], pairs));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(40, 1)]
    [InlineData(1000, 2)]
    public void EveryClass_StandsOnce(int classes, int seed)
    {
        Random random = new(seed);
        var pairs = new Dictionary<(int, int), long>();
        for (int i = 0; i < 3 * classes && classes > 1; i++)
        {
            int low = random.Next(classes - 1);
            pairs[(low, random.Next(low + 1, classes))] = random.Next(1, 50);
        }

        Assert.Equal(Enumerable.Range(0, classes), SimilarityOrder.Of([.. Enumerable.Repeat(100L, classes)], pairs).Order());
    }
}
