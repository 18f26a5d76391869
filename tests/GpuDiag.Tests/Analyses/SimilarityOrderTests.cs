using GpuDiag.Analyses.Metrics;

namespace GpuDiag.Tests.Analyses;

/// <summary>Classes that are confused stand side by side.</summary>
public class SimilarityOrderTests
{
    [Fact]
    public void ConfusedClasses_StandSideBySide()
    {
        // 0–3 most, then 3–5, then 1–4; 2 with none.
        ConfusedPair[] pairs = [new ConfusedPair(1, 4, 10), new ConfusedPair(3, 5, 20), new ConfusedPair(0, 3, 30)];
        Assert.Equal([0, 3, 5, 1, 4, 2], SimilarityOrder.Of([100, 100, 100, 100, 100, 100], pairs));
    }

    [Fact]
    public void Shares_DecideNotCounts()
    {
        // 20 of 200 rows is less than 10 of 20.
        ConfusedPair[] pairs = [new ConfusedPair(0, 1, 20), new ConfusedPair(1, 2, 10)];
        int[] order = SimilarityOrder.Of([190, 10, 10], pairs);
        Assert.Equal([0, 1, 2], order);
        Assert.Equal([0, 2, 1], SimilarityOrder.Of([190, 10, 10], [new ConfusedPair(0, 2, 20), new ConfusedPair(1, 2, 10)]));
    }

    [Fact]
    public void ChainsJoinAtTheEndsThatBringThePairNearest()
    {
        // Chains 0–1 and 2–3; then 0 and 3 meet: 1 0 3 2.
        ConfusedPair[] pairs = [new ConfusedPair(0, 1, 50), new ConfusedPair(2, 3, 40), new ConfusedPair(0, 3, 10)];
        Assert.Equal([1, 0, 3, 2], SimilarityOrder.Of([100, 100, 100, 100], pairs));
    }

    [Fact]
    public void CellsOfOnePair_AddUp()
    {
        // 1 and 2 are confused by 15 of 30 rows, as they are by 10 and 5; 0 and 1 by 12.
        ConfusedPair[] pairs = [new ConfusedPair(1, 2, 10), new ConfusedPair(0, 1, 12), new ConfusedPair(1, 2, 5)];
        Assert.Equal([0, 2, 1], SimilarityOrder.Of([190, 15, 15], [.. pairs, new ConfusedPair(0, 2, 14)]));
        Assert.Equal([0, 1, 2], SimilarityOrder.Of([190, 15, 15], pairs));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(40, 1)]
    [InlineData(1000, 2)]
    public void EveryClass_StandsOnce(int classes, int seed)
    {
        Random random = new(seed);
        List<ConfusedPair> pairs = [];
        for (int i = 0; i < 3 * classes && classes > 1; i++)
        {
            int low = random.Next(classes - 1);
            pairs.Add(new ConfusedPair(low, random.Next(low + 1, classes), random.Next(1, 50)));
        }

        Assert.Equal(Enumerable.Range(0, classes), SimilarityOrder.Of([.. Enumerable.Repeat(100L, classes)], pairs).Order());
    }
}
