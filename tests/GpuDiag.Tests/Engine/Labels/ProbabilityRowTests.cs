using CsCheck;
using GpuDiag.Engine.Labels;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Engine.Labels;

public sealed unsafe class ProbabilityRowTests
{
    // Few values, so that ties are common; the valid ones reach a little outside [0, 1].
    private static readonly Gen<float> Value = Gen.OneOf(Gen.Int[0, 8].Select(i => i / 8f), Gen.Float[0, 1], OneOf(-0.0005f, 1.0005f, 0f, 1e-30f));
    private static readonly Gen<float> Bad = OneOf(float.NaN, 1.01f, -0.01f, float.PositiveInfinity, float.NegativeInfinity);

    [Fact]
    public void Row_SaysWhatAColumnByColumnLookSays() =>
        Gen.Select(Value.Array[1, 70], Gen.Int[0, 1000]).Sample((values, at) =>
        {
            int without = at % values.Length;
            double[] doubles = [.. values.Select(v => (double)v)], least = [.. values.Select((_, k) => (k * 7 % 8 / 8.0) + 1e-6)];
            int[] reached = [.. Enumerable.Range(0, values.Length).Where(k => values[k] >= least[k])];
            int largest = Enumerable.Range(0, values.Length).MaxBy(k => values[k]);
            int guess = Confident.Guess(reached.Length, reached.LastOrDefault(-1), largest);
            fixed (float* f = values)
            fixed (double* d = doubles)
            {
                foreach (ProbabilityRow row in new[] { new ProbabilityRow(f, null, values.Length), new ProbabilityRow(null, d, values.Length) })
                {
                    Assert.True(row.IsValid());
                    Assert.Equal(largest, row.Largest());
                    Assert.Equal(guess, row.Guess(least));
                    if (values.Length > 1)
                    {
                        Assert.Equal(Enumerable.Range(0, values.Length).Where(k => k != without).MaxBy(k => values[k]), row.LargestWithout(without));
                    }
                }
            }
        });

    [Fact]
    public void Row_IsNotValidWithOneEntryThatIsNoProbability() =>
        Gen.Select(Value.Array[1, 70], Bad, Gen.Int[0, 1000]).Sample((values, bad, at) =>
        {
            values[at % values.Length] = bad;
            double[] doubles = [.. values.Select(v => (double)v)];
            fixed (float* f = values)
            fixed (double* d = doubles)
            {
                Assert.False(new ProbabilityRow(f, null, values.Length).IsValid());
                Assert.False(new ProbabilityRow(null, d, values.Length).IsValid());
            }
        });

    [Fact]
    public void Up_IsTheLeastFloatNotBelow()
    {
        foreach (double value in (double[])[0, 0.1, -0.1, 1.0 / 3, 1e-50, double.PositiveInfinity, double.NegativeInfinity])
        {
            Assert.True(ProbabilityRow.Up(value) >= value);
            Assert.True(double.IsInfinity(value) || MathF.BitDecrement(ProbabilityRow.Up(value)) < value);
        }
    }

    private static Gen<float> OneOf(params float[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
