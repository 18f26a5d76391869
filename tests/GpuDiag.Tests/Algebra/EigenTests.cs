using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Algebra;

public sealed class EigenTests
{
    [Fact]
    public void Tridiagonal_OfASecondDifference_HasItsKnownEigenvalues()
    {
        const int N = 40;
        (double[] values, double[][] vectors) = Tridiagonal.Eigen(Enumerable.Repeat(2.0, N).ToArray(), Enumerable.Repeat(-1.0, N - 1).ToArray());
        for (int k = 0; k < N; k++)
        {
            Assert.Equal(2 - (2 * Math.Cos((N - k) * Math.PI / (N + 1))), values[k], 1e-13);
            Assert.Equal(1, vectors[k].Sum(v => v * v), 1e-12);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(60)]
    [InlineData(300)]
    public void Lanczos_FindsTheLargestPairs(int n)
    {
        // Known by construction: a Householder reflection of a diagonal.
        Random random = new(n);
        double[] u = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5)];
        double squared = u.Sum(v => v * v);
        double[] diagonal = [.. Enumerable.Range(0, n).Select(i => i == n / 2 ? 50.0 : i == n / 3 ? 40.0 : 30 * random.NextDouble())];
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                matrix[(i * n) + j] = Enumerable.Range(0, n).Sum(k => Reflection(i, k) * diagonal[k] * Reflection(k, j));
            }
        }

        (double[] values, double[][] vectors) = Lanczos.Largest(matrix, n, Math.Min(2, n), 2);
        int[] largest = [n / 2, n / 3];
        for (int p = 0; p < values.Length; p++)
        {
            double[] expected = [.. Enumerable.Range(0, n).Select(i => Reflection(i, largest[p]))];
            double sign = Math.Sign(expected.MaxBy(Math.Abs));
            Assert.Equal(p == 0 ? 50.0 : 40.0, values[p], 1e-11);
            Assert.All(expected.Zip(vectors[p]), e => Assert.Equal(sign * e.First, e.Second, 1e-9));
        }

        double Reflection(int i, int j) => (i == j ? 1 : 0) - (2 * u[i] * u[j] / squared);
    }

    [Fact]
    public void Lanczos_GoesOn_WhereAnInvariantSubspaceIsComplete()
    {
        double[] identity = new double[25];
        for (int i = 0; i < 5; i++)
        {
            identity[(i * 5) + i] = 3;
        }

        (double[] values, double[][] vectors) = Lanczos.Largest(identity, 5, 5, 1);
        Assert.All(values, v => Assert.Equal(3, v, 1e-14));
        Assert.Equal(0, DoubleVector.Dot(vectors[0], vectors[1]), 1e-14);
        Assert.All(Lanczos.Largest(new double[25], 5, 2, 1).Values, v => Assert.Equal(0, v));
    }
}
