using CsCheck;
using GpuDiag.Columns;
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

    [Fact]
    public void Selection_GivesTheNumberOfARank() =>
        Gen.Select(Gen.OneOf(Gen.Int[0, 3].Select(i => (double)i), Gen.Double[-1, 1]).Array[1, 300], Gen.Int[0, 299]).Sample((numbers, i) =>
        {
            int index = i % numbers.Length;
            Assert.Equal(numbers.Order().ElementAt(index), Selection.Nth([.. numbers], index));
        });

    [Fact]
    public void ErrorRows_AreTheSameForNarrowAndWideColumns() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.OneOf(Gen.Float[0, 1], Gen.Const(float.NaN))).Array[0, 150].Sample(drawn =>
        {
            Domain classes = new("class");
            using CodeColumn label = new(classes, 200), prediction = new(classes, 200);
            using NumberColumn narrow = new(200), wide = new(200);
            label.SetLimit(4);
            prediction.SetLimit(4);
            narrow.SetPrecision(false);
            wide.SetPrecision(true);
            for (int i = 0; i < drawn.Length; i++)
            {
                (label.Bytes[i], prediction.Bytes[i]) = ((byte)drawn[i].Item1, (byte)drawn[i].Item2);
                (narrow.Floats[i], wide.Doubles[i]) = (drawn[i].Item3, drawn[i].Item3);
            }

            TopRows a = new(20), b = new(20);
            ErrorRows.Select(a, 7, drawn.Length, label, prediction, narrow, null);
            ErrorRows.Select(b, 7, drawn.Length, label, prediction, wide, null);
            Assert.Equal(b.Finish(), a.Finish());
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
