using CsCheck;
using GpuDiag.Analyses.Retraining;
using GpuDiag.Engine.Heads;
using GpuDiag.Tests.Engine;

namespace GpuDiag.Tests.Laws;

/// <summary>Every backend has the reference's loss and gradient, bit for bit, for any threads.</summary>
public sealed class HeadGradientLawTests
{
    private static readonly Gen<(int Rows, int Width, int Classes, int Threads, double Scale, int Seed)> Case =
        from rows in Gen.OneOf(Gen.Int[1, 70], Gen.Int[2047, 2050])
        from width in Gen.Int[1, 20]
        from classes in Gen.Int[2, 19]
        from threads in Gen.Int[1, 4]
        from scale in Gen.OneOf(Gen.Const(0.0), Gen.Const(1.0), Gen.Const(30.0))
        from seed in Gen.Int[0, 1 << 20]
        select (rows, rows > 100 ? 1 + (width % 3) : width, rows > 100 ? 2 + (classes % 2) : classes, threads, scale, seed);

    public static TheoryData<string> Backends => LawBackends.Names;

    // What a simulator pays for is barriers: one with more than a block of rows is enough.
    [Theory]
    [MemberData(nameof(Backends))]
    public void HeadGradient_HasTheBitsOfTheReference(string backend) =>
        Case.Where(c => c.Rows < 100 || !backend.StartsWith("simulator", StringComparison.Ordinal)).Sample(c => Check(backend, c), iter: LawBackends.Samples(backend), threads: 1);

    [Fact]
    public void BlocksOfRows_AddInTheirOrder() => Check("simulator 32", (2050, 1, 2, 1, 1, 1));

    private static void Check(string backend, (int Rows, int Width, int Classes, int Threads, double Scale, int Seed) c)
    {
        Random random = new(c.Seed);
        using VectorSet set = new([.. Enumerable.Range(0, c.Rows * c.Width).Select(_ => (float)((random.NextDouble() * 4) - 2))], c.Width);
        int[] labels = [.. Enumerable.Range(0, c.Rows).Select(_ => random.Next(c.Classes))];
        HeadPlan plan = new(set.Block, labels, [.. labels.Select(_ => 0.5 + random.NextDouble())], [.. Enumerable.Range(0, c.Classes).Select(labels.Contains)], c.Threads);
        using ReferenceBackend reference = new();
        using IHeadGradient expected = reference.HeadGradient(plan), actual = LawBackends.Of(backend).HeadGradient(plan);
        Assert.Equal(expected.Length, actual.Length);
        double[] weights = new double[expected.Length], right = new double[weights.Length], found = [.. Enumerable.Repeat(double.NaN, weights.Length)];
        for (int k = 0; k < c.Classes; k++)
        {
            for (int d = 0; d <= c.Width; d++)
            {
                weights[LinearHead.At(c.Width, d, k)] = c.Scale * (random.NextDouble() - 0.5);
            }
        }

        double loss = expected.Evaluate(weights, right);
        for (int time = c.Rows < 100 ? 0 : 1; time < 2; time++)
        {
            // The second time begins with nothing of the first.
            Assert.Equal(loss, actual.Evaluate(weights, found));
            Assert.Equal(right, found);
        }
    }
}
