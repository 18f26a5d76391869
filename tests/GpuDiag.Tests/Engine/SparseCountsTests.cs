using GpuDiag.Engine;

namespace GpuDiag.Tests.Engine;

public sealed class SparseCountsTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(1 << 12)]
    [InlineData(1 << 20)]
    public void Scattered_TakesEveryBlockOnce_AndTheFirstFewFromEverywhere(int blocks)
    {
        const int Parts = 16;
        bool[] seen = new bool[blocks];
        int[] taken = new int[Parts];
        for (int turn = 0; turn < blocks; turn++)
        {
            int block = SparseCounts.Scattered(turn, blocks);
            Assert.False(seen[block]);
            seen[block] = true;
            taken[(long)block * Parts / blocks]++;
            Assert.InRange(taken.Max() - taken.Min(), 0, 8);
        }
    }

    [Fact]
    public void Merge_OfLargeTablesAddsEveryKey()
    {
        // Half of the keys in both; a million, which in the order of the slots would take minutes.
        const int Keys = 1_000_000;
        using SparseCounts sum = new(), one = new(), other = new();
        for (ulong key = 0; key < Keys; key++)
        {
            one.Add(key << 20, 1);
            other.Add((key + (Keys / 2)) << 20, 2);
        }

        sum.Merge(one);
        sum.Merge(other);
        Assert.Equal(Keys * 3 / 2, sum.Count);
        Assert.All(sum.Entries, e => Assert.Equal((e.Key >> 20) switch { < Keys / 2 => 1, < Keys => 3, _ => 2 }, e.Count));
    }
}
