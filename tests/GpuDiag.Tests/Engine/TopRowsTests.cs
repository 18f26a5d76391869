using CsCheck;
using GpuDiag.Engine;

namespace GpuDiag.Tests.Engine;

public sealed class TopRowsTests
{
    private static readonly Gen<double[]> Keys = Gen.OneOf(Gen.Int[0, 3].Select(i => (double)i), Gen.Double[0, 1], Gen.Const(double.NaN)).Array[0, 200];

    [Fact]
    public void TopRows_AreTheLargestKeysAndThenTheLowestRows() =>
        Gen.Select(Keys, Gen.Int[0, 30]).Sample((keys, capacity) =>
        {
            long[] expected = [.. Enumerable.Range(0, keys.Length)
                .OrderByDescending(i => double.IsNaN(keys[i]) ? double.NegativeInfinity : keys[i]).ThenBy(i => i)
                .Take(capacity).Select(i => (long)i).Order()];
            Assert.Equal(expected, Of(keys, Enumerable.Range(0, keys.Length), capacity).Finish().Select(r => r.Row));
        });

    [Fact]
    public void TopRows_DependOnTheRowsAloneNotOnTheirSplitOrOrder() =>
        Gen.Select(Keys, Gen.Int[0, 30], Gen.Int[0, 200]).Sample((keys, capacity, cut) =>
        {
            int[] rows = [.. Enumerable.Range(0, keys.Length)];
            TopRows merged = Of(keys, rows.Skip(cut).Reverse(), capacity);
            merged.Merge(Of(keys, rows.Take(cut).Reverse(), capacity));
            Assert.Equal(Of(keys, rows, capacity).Finish(), merged.Finish());
        });

    private static TopRows Of(double[] keys, IEnumerable<int> rows, int capacity)
    {
        TopRows top = new(capacity);
        foreach (int row in rows)
        {
            top.Add(new TopRow(row, keys[row], 1, 2, keys[row], 0));
        }

        return top;
    }
}
