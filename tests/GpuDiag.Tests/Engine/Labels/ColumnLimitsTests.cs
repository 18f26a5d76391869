using CsCheck;
using GpuDiag.Engine.Labels;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Engine.Labels;

public sealed unsafe class ColumnLimitsTests
{
    private static readonly Gen<float> Probability = Gen.OneOf(Gen.Int[0, 8].Select(i => i / 8f), Gen.Float[0, 1], OneOf(-0.0005f, 1.0005f));
    private static readonly Gen<double> Limit = Gen.OneOf(Gen.Int[-8, 8].Select(i => i / 8.0), Gen.Double[-1, 1], Gen.Const(double.PositiveInfinity), Gen.Const(double.NegativeInfinity));

    /// <summary>Of dense and of sparse limits, of floats and of doubles: none is missed, and none named that is far above.</summary>
    [Fact]
    public void Within_NamesEveryColumnWithinItsLimitAndNoneFarAbove() =>
        Gen.Select(Probability.Array[1, 90], Limit.Array[90], Gen.Int[1, 20], Gen.Int[0, 1000]).Sample((values, limits, step, label) =>
        {
            int[] columns = [.. Enumerable.Range(0, values.Length).Where(k => k % step == 0)];
            double own = Confident.Clip(values[label % values.Length]);
            double[] doubles = [.. values.Select(v => (double)v)], margins = [.. columns.Select(k => own - Confident.Clip(values[k]))];
            ColumnLimits tested = new(columns, values.Length);
            for (int i = 0; i < columns.Length; i++)
            {
                tested.Set(i, limits[i]);
            }

            Assert.Equal(columns.Length, tested.Count);
            int[] entries = new int[columns.Length];
            fixed (float* f = values)
            fixed (double* d = doubles)
            {
                foreach (ProbabilityRow row in new[] { new ProbabilityRow(f, null, values.Length), new ProbabilityRow(null, d, values.Length) })
                {
                    int[] found = entries[..tested.Within(row, own, entries)];
                    Assert.Equal(found.Order(), found);
                    for (int i = 0; i < columns.Length; i++)
                    {
                        Assert.True(found.Contains(i) ? margins[i] <= limits[i] + 1e-6 : margins[i] > limits[i], $"column {columns[i]}: margin {margins[i]}, limit {limits[i]}");
                    }
                }
            }
        });

    [Fact]
    public void Within_NamesAllBeforeLimitsAreSetAndBearsNaNs()
    {
        float[] values = [.. Enumerable.Repeat(float.NaN, 40)];
        ColumnLimits limits = new([0, 3, 39], 40), dense = new([.. Enumerable.Range(0, 40)], 40);
        int[] entries = new int[40];
        fixed (float* f = values)
        {
            ProbabilityRow row = new(f, null, 40);
            Assert.InRange(limits.Within(row, 0.5, entries), 0, 3);
            Assert.InRange(dense.Within(row, 0.5, entries), 0, 40);
            Array.Clear(values);
            Assert.Equal(3, limits.Within(row, 1, entries));
            Assert.Equal(40, dense.Within(row, 1, entries));
        }
    }

    private static Gen<float> OneOf(params float[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
