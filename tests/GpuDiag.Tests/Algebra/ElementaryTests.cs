using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Algebra;

public class ElementaryTests
{
    private static readonly double[] Specials =
    [
        0.0, -0.0, 1.0, -1.0, double.NaN, -double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon,
        -double.Epsilon, double.MaxValue, double.MinValue, 2.2250738585072014E-308, 2.2250738585072009E-308, 709.78271289338397,
        709.78271289338409, -745.13321910194111, -745.13321910194122, -708.39641853226408, 710.0, -746.0, 1e300, -1e300,
    ];

    [Fact]
    public void Log_IsWithin0_8UlpOfTheTruth() => AssertUlps("log.bin", 20000, LogArgument, Deterministic.Log, 0.8);

    [Fact]
    public void Exp_IsWithin1UlpOfTheTruthAnd0_7WhereNormal()
    {
        AssertUlps("exp.bin", 10000, ExpArgument, Deterministic.Exp, 1.0);
        AssertUlps("exp.bin", 10000, i => Math.Max(ExpArgument(i), -708.0), Deterministic.Exp, 0.7, i => ExpArgument(i) >= -708.0);
    }

    [Fact]
    public void Log_AtTheEdgesOfItsDomain()
    {
        Assert.Equal(double.NegativeInfinity, Deterministic.Log(0.0));
        Assert.Equal(double.NegativeInfinity, Deterministic.Log(-0.0));
        Assert.True(double.IsNaN(Deterministic.Log(-1.0)));
        Assert.True(double.IsNaN(Deterministic.Log(double.NegativeInfinity)));
        Assert.True(double.IsNaN(Deterministic.Log(double.NaN)));
        Assert.Equal(double.PositiveInfinity, Deterministic.Log(double.PositiveInfinity));
        Assert.Equal(0L, BitConverter.DoubleToInt64Bits(Deterministic.Log(1.0)));
    }

    [Fact]
    public void Exp_AtTheEdgesOfItsDomain()
    {
        Assert.Equal(1.0, Deterministic.Exp(0.0));
        Assert.Equal(double.PositiveInfinity, Deterministic.Exp(710.0));
        Assert.Equal(double.PositiveInfinity, Deterministic.Exp(double.PositiveInfinity));
        Assert.Equal(1.7976931348622732E+308, Deterministic.Exp(709.78271289338397));
        Assert.Equal(double.PositiveInfinity, Deterministic.Exp(709.78271289338409));
        Assert.Equal(double.Epsilon, Deterministic.Exp(-745.13321910194111));
        Assert.Equal(0.0, Deterministic.Exp(-745.13321910194122));
        Assert.Equal(0.0, Deterministic.Exp(double.NegativeInfinity));
        Assert.True(double.IsNaN(Deterministic.Exp(double.NaN)));
    }

    [Fact]
    public void VectorsHaveTheBitsOfScalars()
    {
        var seeded = Enumerable.Range(0, 40000).SelectMany(i => new[] { BitConverter.UInt64BitsToDouble(SplitMix(i)), LogArgument(i), ExpArgument(i) });
        foreach (var chunk in Specials.Concat(seeded).Chunk(8).Where(c => c.Length == 8))
        {
            AssertSameBits(chunk, Deterministic.Log, v => Deterministic.Log(v), v => Deterministic.Log(v));
            AssertSameBits(chunk, Deterministic.Exp, v => Deterministic.Exp(v), v => Deterministic.Exp(v));
        }
    }

    internal static ulong SplitMix(int i)
    {
        var z = (ulong)(i + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The i-th argument of log.bin; the same formula stands in tools/peers/make_algebra_golden.py.</summary>
    internal static double LogArgument(int i)
    {
        var u = SplitMix(i);
        var step = i / 5;
        return (i % 5) switch
        {
            0 => BitConverter.UInt64BitsToDouble(((u & 0x7FFFFFFFFFFFFFFF) % 0x7FF0000000000000) | 1),
            1 => 1.0 + Math.ScaleB((u >> 12) * Math.ScaleB(1.0, -52), -(step % 50)) * ((u & 1) != 0 ? 1.0 : -0.5),
            2 => BitConverter.UInt64BitsToDouble(0x3FE0000000000000 + (u >> 11)),
            3 => BitConverter.UInt64BitsToDouble((u >> (11 + step % 50)) | 1),
            _ => BitConverter.UInt64BitsToDouble(0x3CB0000000000000 + u % (0x3FF0000000000000 - 0x3CB0000000000000)),
        };
    }

    /// <summary>The i-th argument of exp.bin.</summary>
    internal static double ExpArgument(int i)
    {
        var u = SplitMix(i);
        var unit = (u >> 11) * Math.ScaleB(1.0, -53);
        return (i % 4) switch
        {
            0 => -745.1 + 1454.8 * unit,
            1 => Math.ScaleB(1.0 + unit, -(i / 4 % 60)) * ((u & 1) != 0 ? 1.0 : -1.0),
            2 => -40.0 * unit,
            _ => 2.0 * unit - 1.0,
        };
    }

    private static void AssertUlps(string golden, int points, Func<int, double> argument, Func<double, double> function, double limit, Func<int, bool>? where = null)
    {
        var data = GoldenData.Bytes(golden);
        Assert.Equal(points * 10, data.Length);
        var worst = 0.0;
        var at = double.NaN;
        for (var i = 0; i < points; i++)
        {
            if (where is not null && !where(i))
                continue;

            var rounded = BinaryPrimitives.ReadDoubleLittleEndian(data.AsSpan(i * 10));
            var lost = BinaryPrimitives.ReadInt16LittleEndian(data.AsSpan(i * 10 + 8)) / 65534.0;
            var ulp = Math.BitIncrement(Math.Abs(rounded)) - Math.Abs(rounded);
            var error = Math.Abs((function(argument(i)) - rounded) / ulp - lost);
            if (!(error <= worst))
                (worst, at) = (error, argument(i));
        }

        Assert.True(worst < limit, $"{golden}: {worst:F4} ulp at {at:R}");
        Assert.True(worst > 0.45, "the golden file records what rounding lost");
    }

    private static void AssertSameBits(double[] x, Func<double, double> scalar, Func<Vector256<double>, Vector256<double>> four, Func<Vector512<double>, Vector512<double>> eight)
    {
        var fromEight = eight(Vector512.Create(x));
        var low = four(Vector256.Create(x));
        var high = four(Vector256.Create(x.AsSpan(4)));
        for (var i = 0; i < 8; i++)
        {
            var expected = BitConverter.DoubleToInt64Bits(scalar(x[i]));
            Assert.Equal(expected, BitConverter.DoubleToInt64Bits(fromEight[i]));
            Assert.Equal(expected, BitConverter.DoubleToInt64Bits(i < 4 ? low[i] : high[i - 4]));
        }
    }
}
