using CsCheck;
using GpuDiag.Analyses.Labels;

namespace GpuDiag.Tests.Analyses.Labels;

public sealed class RoundingTests
{
    [Fact]
    public void Scale_KeepsTheSum() =>
        Gen.Select(Gen.Long[0, 1000].Array[1, 30], Gen.Long[0, 1_000_000]).Where(g => g.Item1.Sum() > 0).Sample((counts, total) =>
        {
            long[] whole = Rounding.Scale(counts, total);
            Assert.Equal(total, whole.Sum());
            Assert.All(whole.Zip(counts), p => Assert.InRange(p.First - ((double)p.Second * total / counts.Sum()), -1, 1));
        });

    [Fact]
    public void Scale_IsExactWhereNothingIsToRound() => Assert.Equal([3, 0, 9], Rounding.Scale([1, 0, 3], 12));

    [Theory]
    [InlineData(new long[] { 1, 1, 1 }, 1, new long[] { 0, 0, 1 })] // of equal ones the last wins
    [InlineData(new long[] { 1, 1, 1 }, 2, new long[] { 0, 1, 1 })] // of equal ones the first loses
    [InlineData(new long[] { 1, 1 }, 3, new long[] { 1, 2 })] // halves go to even, so both are 2, and the first loses
    public void Scale_SettlesTies(long[] counts, long total, long[] expected) => Assert.Equal(expected, Rounding.Scale(counts, total));

    [Fact]
    public void Scale_HoldsMoreThanALong() => Assert.Equal([1_000_000_000_000, 3_000_000_000_000], Rounding.Scale([1_000_000_000, 3_000_000_000], 4_000_000_000_000));

    [Fact]
    public void Settle_RoundsTheSumOfFractions() => Assert.Equal([0, 1, 2], Rounding.Settle([0.3, 0.6, 2.3]));
}
