using System.Numerics;
using CsCheck;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Algebra;

public class FixedSumTests
{
    private static readonly Gen<double> Values = Gen.Frequency(
        (4, Gen.Double[-127.9, 127.9]),
        (2, Gen.Double[-1e-12, 1e-12]),
        (1, Gen.Double[0.0, 1.0].Select(x => x * Math.ScaleB(1.0, -56))));

    [Fact]
    public void Quantize_RoundsToTheNearestGridPointTiesUp() => Values.Sample(value =>
    {
        // floor(2·v·2^56 + 1) / 2 on exact integers: v = mantissa·2^exponent.
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = (BigInteger)((bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52)) * (value < 0 ? -1 : 1);
        var power = Math.Max(exponent, 1) - 1075 + 57;
        var doubled = power >= 0 ? (mantissa << power) + 1 : (mantissa + (BigInteger.One << -power)) >> -power;
        return FixedSum.Quantize(value) == (long)(doubled >> 1);
    });

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(-0.5, 0)]
    [InlineData(1.5, 2)]
    [InlineData(-1.5, -1)]
    [InlineData(0.49999999999999994, 0)]
    [InlineData(4503599627370497.0, 4503599627370497)]
    [InlineData(9007199254740991.0, 9007199254740991)]
    [InlineData(-4503599627370497.0, -4503599627370497)]
    public void Quantize_AtTheTies(double gridPoints, long expected) => Assert.Equal(expected, FixedSum.Quantize(Math.ScaleB(gridPoints, -56)));

    [Fact]
    public void Quantize_StopsAtTheEndsOfItsDomain()
    {
        Assert.Equal(0, FixedSum.Quantize(double.NaN));
        Assert.Equal(FixedSum.Quantize(127.99999999999999), FixedSum.Quantize(double.PositiveInfinity));
        Assert.Equal(FixedSum.Quantize(-127.99999999999999), FixedSum.Quantize(double.NegativeInfinity));
        Assert.Equal(long.MaxValue - 1023, FixedSum.Quantize(128.0));
    }

    [Fact]
    public void Addition_IsOneSumHoweverItIsSplit() => Gen.Select(Gen.Long.Array[0, 50], Gen.Int[0, 50], Gen.Int[0, 50]).Sample((values, a, b) =>
    {
        var (first, second) = (Math.Min(Math.Min(a, b), values.Length), Math.Min(Math.Max(a, b), values.Length));
        var whole = Sum(values);
        var parts = new[] { Sum(values[..first]), Sum(values[first..second]), Sum(values[second..]) };
        return whole == parts[2] + parts[0] + parts[1] && whole == parts[0] + (parts[1] + parts[2]) && whole == FixedSum.Add(whole, default);
    });

    [Fact]
    public void Read_GivesBackWhatWriteWrote() => Gen.Long.Array[1, 20].Sample(values =>
    {
        var sum = Sum(values);
        using var stream = new MemoryStream();
        sum.Write(new BinaryWriter(stream));
        var bytes = stream.ToArray();
        stream.Position = 0;
        return FixedSum.Read(new BinaryReader(stream)) == sum
            && System.Buffers.Binary.BinaryPrimitives.ReadInt128LittleEndian(bytes) == sum.Units;
    });

    [Fact]
    public void FromHalves_IsTheSumOfTheWholes() => Gen.Long.Array[0, 50].Sample(values =>
    {
        ulong low = 0;
        long high = 0;
        foreach (var value in values)
        {
            low += (uint)value;
            high += value >> 32;
        }

        return FixedSum.FromHalves(low, high) == Sum(values);
    });

    [Fact]
    public void ToDouble_IsCorrectlyRounded() => Gen.Select(Gen.Long, Gen.ULong, Gen.Int[0, 127]).Sample((high, low, shift) =>
    {
        var total = (((Int128)high << 64) | low) >> shift;
        var result = new FixedSum(total).ToDouble();
        BigInteger Distance(double candidate) => BigInteger.Abs((BigInteger)Math.ScaleB(candidate, 56) - (BigInteger)total);
        var even = (BitConverter.DoubleToInt64Bits(result) & 1) == 0;
        return new[] { Math.BitDecrement(result), Math.BitIncrement(result) }.All(other =>
            Math.ScaleB(other, 56) != Math.Truncate(Math.ScaleB(other, 56)) // no neighbour among integers: the result is exact
                ? Distance(result).IsZero
                : Distance(result) < Distance(other) || (Distance(result) == Distance(other) && even));
    });

    [Fact]
    public void ToDouble_OfSmallSums()
    {
        Assert.Equal(0.0, default(FixedSum).ToDouble());
        Assert.Equal(-1.5, default(FixedSum).Add(FixedSum.Quantize(-1.0)).Add(FixedSum.Quantize(-0.5)).ToDouble());
    }

    [Fact]
    public void Confidence_KeepsEveryFloatFrom2ToTheMinus17() => Gen.Float[7.62939453125e-06f, 1f].Sample(c =>
        Math.ScaleB(Confidence.Quantize(c), -Confidence.GridBits) == c
        && FixedSum.FromConfidences((ulong)Confidence.Quantize(c)).ToDouble() == c);

    [Fact]
    public void Confidence_FitsItsRowsIn64Bits() =>
        Assert.True((UInt128)Confidence.Quantize(1.001) * Confidence.RowsPerSum < ulong.MaxValue);

    private static FixedSum Sum(IEnumerable<long> values) => values.Aggregate(default(FixedSum), (sum, value) => sum.Add(value));
}
