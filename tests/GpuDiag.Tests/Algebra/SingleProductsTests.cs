using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Laws;

namespace GpuDiag.Tests.Algebra;

/// <summary>Products and softmax in float32 against scalar code, bit for bit; what the preconditioner solves.</summary>
public sealed unsafe class SingleProductsTests
{
    private const int Lanes = 16;

    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(7, 8, 16)]
    [InlineData(8, 17, 17)]
    [InlineData(150, 50, 33)]
    public void LogitsAndGradient_AreChainsOverDimensionsAndRows(int width, int classes, int rows)
    {
        Random random = new(width);
        int size = LinearRows.Padded(rows), panels = LinearRows.Padded(width + 1) / 8, classPanels = (classes + Lanes - 1) / Lanes, step = SingleSoftmax.Step(size);
        using VectorSet set = new([.. Enumerable.Range(0, rows * width).Select(_ => (float)(random.NextDouble() - 0.5))], width);
        int[] chosen = [.. Enumerable.Range(0, rows).Reverse()];
        float[] packed = new float[panels * size * 8], weights = new float[classPanels * panels * 8 * Lanes], logits = new float[classPanels * step], gradient = new float[weights.Length];
        double[] sums = [.. Enumerable.Range(0, weights.Length).Select(i => (double)i)];
        for (int k = 0; k < classes; k++)
        {
            for (int d = 0; d <= width; d++)
            {
                weights[At(d, k)] = (float)(random.NextDouble() - 0.5);
            }
        }

        Array.Fill(packed, float.NaN);
        Array.Fill(logits, float.NaN);
        fixed (float* x = packed, w = weights, z = logits, g = gradient)
        fixed (double* s = sums)
        {
            SingleProducts.Pack(set.Block.Row(0), chosen, width, size, x);
            SingleProducts.Logits(x, size, panels, w, classPanels, z);
            SingleProducts.AddGradient(x, size, panels, z, step, g, (0, 0), (panels, classPanels));
            SingleProducts.Add(s, g, gradient.Length);
        }

        for (int k = 0; k < classes; k++)
        {
            float[] own = [.. chosen.Select(row => Chain(width + 1, d => (Value(row, d), weights[At(d, k)])))];
            for (int i = 0; i < rows; i++)
            {
                Assert.Equal(own[i], logits[(k / Lanes * step) + (i * Lanes) + (k % Lanes)]);
            }

            for (int d = 0; d <= width; d++)
            {
                Assert.Equal(Chain(rows, i => (Value(chosen[i], d), own[i])), gradient[At(d, k)]);
                Assert.Equal(At(d, k) + (double)gradient[At(d, k)], sums[At(d, k)]);
            }
        }

        int At(int d, int k) => (((k / Lanes * panels * 8) + d) * Lanes) + (k % Lanes);
        float Value(int row, int d) => d == width ? 1 : set.Block.Row(row)[d];
    }

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(37)]
    public void Softmax_HasTheBitsOfScalarCode(int classes)
    {
        const int rows = 9;
        Random random = new(classes);
        int panels = (classes + Lanes - 1) / Lanes, step = SingleSoftmax.Step(rows), padded = panels * Lanes;
        float[] logits = new float[panels * step], mask = [.. Enumerable.Range(0, padded).Select(k => k < classes && k != 1 ? 0 : float.NegativeInfinity)];
        double[] losses = new double[rows], weights = [.. Enumerable.Range(0, rows).Select(i => 0.3 + i)];
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % 2 * (classes - 1))];
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < classes; k++)
            {
                logits[At(i, k)] = (float)(random.NextDouble() * 120);
            }
        }

        float[] raw = [.. logits], residuals = new float[logits.Length], changes = [.. logits], spreads = new float[logits.Length];
        ushort[] kept = new ushort[logits.Length];
        fixed (float* z = logits, m = mask, r = residuals, u = changes, q = spreads)
        fixed (double* l = losses, s = weights)
        fixed (int* y = labels)
        fixed (ushort* p = kept)
        {
            SingleSoftmax.Probabilities(z, step, panels, rows, m, y, l);
            logits.CopyTo(residuals, 0);
            SingleSoftmax.Residuals(r, step, panels, rows, y, s);
            SingleSoftmax.Keep(z, step, panels, rows, p);
            SingleSoftmax.Changes(u, p, step, panels, rows, s);
            SingleSoftmax.Spreads(p, step, panels, rows, s, q);
        }

        for (int i = 0; i < rows; i++)
        {
            int row = i;
            float most = Enumerable.Range(0, classes).Where(k => k != 1).Max(k => raw[At(row, k)]), s = (float)weights[i];
            float[] e = [.. Enumerable.Range(0, padded).Select(k => k < classes && k != 1 ? Exp(raw[At(row, k)] - most) : 0)];
            float total = Total(k => e[k], padded);
            Assert.Equal((double)most - raw[At(i, labels[i])] + Deterministic.Log(total), losses[i]);
            float[] rounded = [.. e.Select(v => Rounded(v / total))];
            float mean = Total(k => k, padded, k => rounded[k], k => raw[At(row, k)]) / Total(k => rounded[k], padded);
            for (int k = 0; k < classes; k++)
            {
                float p = e[k] / total;
                Assert.Equal(p, logits[At(i, k)]);
                Assert.Equal(k == labels[i] ? s * (p - 1) : s * p, residuals[At(i, k)]);
                Assert.Equal(rounded[k], BitConverter.UInt32BitsToSingle((uint)kept[At(i, k)] << 16));
                Assert.Equal(s * rounded[k] * (raw[At(i, k)] - mean), changes[At(i, k)]);
                Assert.Equal(s * rounded[k] * (1 - rounded[k]), spreads[At(i, k)]);
                Assert.Equal(k == 1 ? 0 : Math.Exp((double)raw[At(i, k)] - most), e[k], 1e-6);
            }
        }

        int At(int i, int k) => (k / Lanes * step) + (i * Lanes) + (k % Lanes);
    }

    [Fact]
    public void CentredBlocks_SolveTheirMatrix()
    {
        const int width = 5, side = 8;
        Random random = new(4);
        double[] factor = new double[side * side], means = Some(), right = Some(), inverse = [.. Enumerable.Range(0, 8).Select(k => 1.0 / (k + 2))];
        double[] solved = [.. right], u = new double[side * 8];
        for (int d = 0; d < side; d++)
        {
            factor[d * (side + 1)] = d < width ? 2 + d : 1;
        }

        double[] a = [.. factor];
        fixed (double* f = factor, m = means, x = solved, v = u, i = inverse)
        {
            Assert.True(Cholesky.Factor(f, side));
            CentredBlocks.Centre(x, m, width, side, v);
            Cholesky.Solve(f, side, v);
            CentredBlocks.Take(v, m, i, width, 0b11101111, x);
        }

        for (int k = 0; k < 8; k++)
        {
            double mass = 1 / inverse[k], along = solved[(width * 8) + k] + Enumerable.Range(0, width).Sum(d => means[(d * 8) + k] * solved[(d * 8) + k]);
            for (int d = 0; d <= width; d++)
            {
                double expected = k == 4 ? solved[(d * 8) + k] : d == width ? mass * along : (a[d * (side + 1)] * solved[(d * 8) + k]) + (mass * means[(d * 8) + k] * along);
                Assert.Equal(right[(d * 8) + k], expected, 1e-9);
            }
        }

        double[] Some() => [.. Enumerable.Range(0, side * 8).Select(i => i / 8 <= width ? random.NextDouble() - 0.5 : 0)];
    }

    private static float Rounded(float value) => BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(value) + 0x8000) & 0xFFFF0000);

    private static float Exp(float x)
    {
        if (x < -87)
        {
            return 0;
        }

        float k = MathF.FusedMultiplyAdd(x, 1.44269504f, 12582912f) - 12582912f, r = MathF.FusedMultiplyAdd(k, 2.12194440e-4f, MathF.FusedMultiplyAdd(k, -0.693359375f, x));
        float y = MathF.FusedMultiplyAdd(r, 1f / 5040, 1f / 720);
        foreach (float c in new[] { 1f / 120, 1f / 24, 1f / 6, 0.5f, 1, 1 })
        {
            y = MathF.FusedMultiplyAdd(r, y, c);
        }

        return y * MathF.ScaleB(1, (int)k);
    }

    /// <summary>Sixteen lanes, which add by halves.</summary>
    private static float Total(Func<int, float> at, int count, Func<int, float>? a = null, Func<int, float>? b = null)
    {
        float[] lanes = new float[Lanes];
        for (int k = 0; k < count; k++)
        {
            lanes[k % Lanes] = a is null ? lanes[k % Lanes] + at(k) : MathF.FusedMultiplyAdd(a(k), b!(k), lanes[k % Lanes]);
        }

        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                lanes[i] += lanes[i + half];
            }
        }

        return lanes[0];
    }

    private static float Chain(int count, Func<int, (float A, float B)> at)
    {
        float sum = 0;
        for (int i = 0; i < count; i++)
        {
            (float a, float b) = at(i);
            sum = MathF.FusedMultiplyAdd(a, b, sum);
        }

        return sum;
    }
}
