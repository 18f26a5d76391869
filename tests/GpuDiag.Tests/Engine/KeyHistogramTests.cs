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
