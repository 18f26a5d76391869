using CsCheck;
using GpuDiag.Engine;

namespace GpuDiag.Tests.Engine;

public sealed class KeyHistogramTests
{
    private static readonly Gen<double[]> Values = Gen.OneOf(
        Gen.Double[0, 1].Array[0, 400],
        Gen.Int[-5, 5].Select(i => i / 4.0).Array[0, 400],
        Gen.Double.Where(d => !double.IsNaN(d)).Array[0, 100]);

    [Fact]
    public void KeyHistogram_DependsOnTheMultisetAlone() =>
        Gen.Select(Values, Values, Gen.Int[1, 50]).Sample((a, b, capacity) =>
        {
            KeyHistogram whole = Of([.. a, .. b], capacity), back = Of([.. b.Reverse(), .. a], capacity), merged = Of(a, capacity);
            merged.Merge(Of(b, capacity));
            Assert.Equal(Bytes(whole), Bytes(back));
            Assert.Equal(Bytes(whole), Bytes(merged));
        });

    [Fact]
    public void KeyHistogram_KeepsTheLongestPrefixThatFits() =>
        Gen.Select(Values.Where(v => v.Length > 0), Gen.Int[1, 50]).Sample((values, capacity) =>
        {
            ulong[] keys = [.. values.Select(ScoreKey.Of)];
            ScorePartition partition = Of(values, capacity).ToPartition();
            int Distinct(int bits) => keys.Select(k => bits == 0 ? 0 : k >> (64 - bits)).Distinct().Count();
            Assert.True(Distinct(partition.Bits) <= capacity);
            Assert.True(partition.Bits == 64 || Distinct(partition.Bits + 1) > capacity);
            Assert.Equal(Distinct(partition.Bits), partition.Keys.Length);
        });

    [Fact]
    public void KeyHistogram_GivesExactQuantilesWhileAllValuesFit() =>
        Gen.Select(Values.Where(v => v.Length > 0), Gen.Double[0, 1]).Sample((values, q) =>
        {
            double[] sorted = [.. values.Select(v => v + 0.0).Order()];
            Assert.Equal(sorted[(int)Math.Floor(q * (sorted.Length - 1))], Of(values, 1000).Quantile(q));
        });

    /// <summary>So many values that they are counted in a table, which is left and made again as the prefixes shorten.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(40)]
    public void KeyHistogram_OfManyValues_DependsOnTheMultisetAlone(int spread)
    {
        Random random = new(spread);
        double[] values = [.. Enumerable.Range(0, 60_000).Select(_ => Math.ScaleB(random.NextDouble() - 0.3, random.Next(-spread, spread + 1)))];
        KeyHistogram whole = Of(values, 3000), sorted = Of([.. values.Order()], 3000), merged = Of(values[..25_000], 3000);
        merged.Merge(Of(values[25_000..], 3000));
        Assert.Equal(Bytes(whole), Bytes(sorted));
        Assert.Equal(Bytes(whole), Bytes(merged));
        ulong[] keys = [.. values.Select(ScoreKey.Of)];
        (ulong, long)[] expected = [.. keys.GroupBy(k => k >> (64 - whole.Bits)).Select(g => (g.Key, g.LongCount())).Order()];
        Assert.InRange(expected.Length, 1, 3000);
        Assert.InRange(keys.Select(k => k >> (63 - whole.Bits)).Distinct().Count(), 3001, int.MaxValue);
        Assert.Equal(expected.Length, whole.Distinct);
        Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(i => (whole.Key(i), whole.Cell(i).Count)));
        using MemoryStream stream = new(Bytes(whole));
        using BinaryReader reader = new(stream);
        Assert.Equal(Bytes(whole), Bytes(KeyHistogram.Read(reader, 3000)));
    }

    [Fact]
    public void KeyHistogram_IsEmptyAtFirst() => Assert.True(double.IsNaN(new KeyHistogram(1).Quantile(0.5)));

    private static KeyHistogram Of(double[] values, int capacity)
    {
        KeyHistogram histogram = new(capacity);
        Array.ForEach(values, histogram.Add);
        return histogram;
    }

    private static byte[] Bytes(KeyHistogram histogram)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        histogram.Write(writer);
        return stream.ToArray();
    }
}
