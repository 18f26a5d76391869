namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// The largest eigenvalues of a symmetric matrix and their vectors, by Lanczos' method with full reorthogonalisation from
/// a fixed start: the same bits on every machine. Up to 128 dimensions it runs through all of them, so every pair is
/// exact to rounding; above, the leading few are, unless many eigenvalues are nearly as large. Host only.
/// </summary>
public static class Lanczos
{
    /// <summary>Steps at most. The leading pairs of a covariance matrix settle within some tens.</summary>
    private const int MostSteps = 128;

    private const double Nothing = 1e-13;

    /// <summary>Largest first. The sign of a vector makes its component of the largest magnitude positive, of equal ones the first.</summary>
    /// <param name="matrix">n rows of n values, symmetric and finite.</param>
    /// <param name="n">At least 1.</param>
    /// <param name="count">Pairs wanted, at most n.</param>
    /// <param name="threads">Threads that may work; they change the time only.</param>
    public static (double[] Values, double[][] Vectors) Largest(double[] matrix, int n, int count, int threads)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var steps = Math.Min(n, MostSteps);
        var basis = new double[steps][];
        var diagonal = new double[steps];
        var below = new double[steps];
        var scale = 0.0;
        basis[0] = Start(basis, 0, n);
        for (var j = 0; j < steps; j++)
        {
            var next = Multiply(matrix, basis[j], threads);
            diagonal[j] = DoubleVector.Dot(next, basis[j]);
            Orthogonalize(next, basis, j + 1);
            var norm = Math.Sqrt(DoubleVector.Dot(next, next));
            scale = Math.Max(scale, Math.Max(Math.Abs(diagonal[j]), norm));
            if (j + 1 == steps)
                break;

            // An invariant subspace is complete: go on in what is left of the space.
            var ended = norm <= Nothing * scale;
            below[j] = ended ? 0.0 : norm;
            if (!ended)
                DoubleVector.Scale(next, 1.0 / norm);
            basis[j + 1] = ended ? Start(basis, j + 1, n) : next;
        }

        var (values, small) = Tridiagonal.Eigen(diagonal, below);
        var vectors = new double[count][];
        for (var i = 0; i < count; i++)
            vectors[i] = Combine(basis, small[i], n);
        return (values[..count], vectors);
    }

    /// <summary>A keyed random direction, orthogonal to the basis so far.</summary>
    private static double[] Start(double[][] basis, int count, int n)
    {
        var stream = new PhiloxStream(0x4C616E63, (ulong)count);
        var vector = new double[n];
        for (var i = 0; i < n; i++)
            vector[i] = stream.NextUnit() - 0.5;
        Orthogonalize(vector, basis, count);
        DoubleVector.Scale(vector, 1.0 / Math.Sqrt(DoubleVector.Dot(vector, vector)));
        return vector;
    }

    /// <summary>Twice is enough (Kahan and Parlett).</summary>
    private static void Orthogonalize(double[] vector, double[][] basis, int count)
    {
        for (var pass = 0; pass < 2; pass++)
            for (var i = 0; i < count; i++)
                DoubleVector.AddScaled(vector, -DoubleVector.Dot(vector, basis[i]), basis[i]);
    }

    private static double[] Multiply(double[] matrix, double[] vector, int threads)
    {
        var product = new double[vector.Length];
        Parallel.For(0, vector.Length, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) }, i =>
            product[i] = DoubleVector.Dot(matrix.AsSpan(i * vector.Length, vector.Length), vector));
        return product;
    }

    private static double[] Combine(double[][] basis, double[] weights, int n)
    {
        var vector = new double[n];
        for (var j = 0; j < basis.Length; j++)
            DoubleVector.AddScaled(vector, weights[j], basis[j]);

        var largest = 0;
        for (var i = 1; i < n; i++)
            largest = Math.Abs(vector[i]) > Math.Abs(vector[largest]) ? i : largest;
        DoubleVector.Scale(vector, (vector[largest] < 0.0 ? -1.0 : 1.0) / Math.Sqrt(DoubleVector.Dot(vector, vector)));
        return vector;
    }
}
