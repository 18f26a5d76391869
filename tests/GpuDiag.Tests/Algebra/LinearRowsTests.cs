using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Laws;

namespace GpuDiag.Tests.Algebra;

/// <summary>Products of rows with weights against chains of scalar fused multiply-adds, bit for bit; what rows give to a softmax; Cholesky.</summary>
public sealed unsafe class LinearRowsTests
{
    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(7, 8, 16)]
    [InlineData(8, 9, 17)]
    [InlineData(150, 26, 33)]
    public void LogitsAndGradient_AreChainsOverDimensionsAndRows(int width, int classes, int rows)
    {
        Random random = new(width);
        int size = LinearRows.Padded(rows), panels = LinearRows.Padded(width + 1) / 8, classPanels = LinearRows.Padded(classes) / 8, step = LinearRows.LogitStep(size);
        using VectorSet set = new([.. Enumerable.Range(0, rows * width).Select(_ => (float)(random.NextDouble() - 0.5))], width);
        int[] chosen = [.. Enumerable.Range(0, rows).Reverse()];
        double[] packed = new double[panels * size * 8], weights = new double[classPanels * panels * 64], logits = new double[classPanels * step], gradient = new double[weights.Length];
        for (int k = 0; k < classes; k++)
        {
            for (int d = 0; d <= width; d++)
            {
                weights[At(d, k)] = random.NextDouble() - 0.5;
            }
        }

        Array.Fill(packed, double.NaN);
        Array.Fill(logits, double.NaN);
        fixed (double* x = packed, w = weights, z = logits, g = gradient)
        {
            LinearRows.Pack(set.Block.Row(0), chosen, width, size, x);
            LinearRows.Logits(x, size, panels, w, classPanels, z);
            LinearRows.AddGradient(x, size, panels, z, step, g, (0, 0), (panels, classPanels));
        }

        for (int k = 0; k < classes; k++)
        {
            double[] own = [.. chosen.Select(row => Chain(width + 1, d => (Value(row, d), weights[At(d, k)])))];
            for (int i = 0; i < rows; i++)
            {
                Assert.Equal(own[i], logits[(k / 8 * step) + (i * 8) + (k % 8)]);
            }

            for (int d = 0; d <= width; d++)
            {
                Assert.Equal(Chain(rows, i => (Value(chosen[i], d), own[i])), gradient[At(d, k)]);
            }
        }

        int At(int d, int k) => (((k / 8 * panels * 8) + d) * 8) + (k % 8);
        double Value(int row, int d) => d == width ? 1 : set.Block.Row(row)[d];
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(21)]
    public void Probabilities_AreThoseOfSoftmax(int classes)
    {
        const int rows = 16;
        Random random = new(classes);
        int panels = LinearRows.Padded(classes) / 8, step = LinearRows.LogitStep(rows);
        double[] logits = new double[panels * step], mask = [.. Enumerable.Range(0, panels * 8).Select(k => k < classes && k != 1 ? 0 : double.NegativeInfinity)], losses = new double[rows];
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % 2 * (classes - 1))];
        double[][] of = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, classes).Select(_ => random.NextDouble() * 40).ToArray())];
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < classes; k++)
            {
                logits[(k / 8 * step) + (i * 8) + (k % 8)] = of[i][k];
            }
        }

        fixed (double* z = logits, m = mask, l = losses)
        fixed (int* y = labels)
        {
            SoftmaxRows.Probabilities(z, step, panels, rows, m, y, l);
        }

        for (int i = 0; i < rows; i++)
        {
            of[i][1] = double.NegativeInfinity;
            double[] expected = new double[classes];
            Softmax.Of(of[i], expected);
            Assert.Equal(expected, Enumerable.Range(0, classes).Select(k => logits[(k / 8 * step) + (i * 8) + (k % 8)]));
            Assert.Equal(-Math.Log(expected[labels[i]]), losses[i], 1e-9);
        }
    }

    [Fact]
    public void Cholesky_SolvesEightRightSides()
    {
        const int n = 24;
        Random random = new(2);
        double[] root = [.. Enumerable.Range(0, n * n).Select(_ => random.NextDouble())], a = new double[n * n], b = [.. Enumerable.Range(0, n * 8).Select(_ => random.NextDouble())];
        for (int i = 0; i < n * n; i++)
        {
            a[i] = Chain(n, j => (root[(i / n * n) + j], root[(i % n * n) + j])) + (i / n == i % n ? 0.1 : 0);
        }

        double[] factor = [.. a], x = [.. b];
        fixed (double* f = factor, s = x)
        {
            Assert.True(Cholesky.Factor(f, n));
            Cholesky.Solve(f, n, s);
        }

        for (int i = 0; i < n * 8; i++)
        {
            Assert.Equal(b[i], Chain(n, j => (a[(i / 8 * n) + j], x[(j * 8) + (i % 8)])), 1e-9);
        }

        double[] spoilt = [.. a];
        spoilt[0] = -1;
        fixed (double* f = spoilt)
        {
            Assert.False(Cholesky.Factor(f, n));
        }
    }

    private static double Chain(int count, Func<int, (double A, double B)> at)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            (double a, double b) = at(i);
            sum = Math.FusedMultiplyAdd(a, b, sum);
        }

        return sum;
    }
}
