using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Maps;

/// <summary>
/// A map of the rows: where each stands along the two principal axes of all vectors. Covariances are exact sums of
/// quantised values (<see cref="CovariancePlan"/>), axes come from Lanczos' method in a fixed order, so the map is the
/// same on every machine. An axis points so that its component of the largest magnitude is positive.
/// </summary>
public sealed unsafe class PrincipalMap
{
    private const long PieceBytes = 256L << 20;

    private PrincipalMap(double[] x, double[] y)
    {
        X = x;
        Y = y;
    }

    /// <summary>Per row; NaN for a row with a NaN or an infinity.</summary>
    public double[] X { get; }

    /// <summary>Per row; NaN for a row with a NaN or an infinity, 0 with one dimension.</summary>
    public double[] Y { get; }

    /// <summary>The directions of x and, with two dimensions or more, y.</summary>
    public required IReadOnlyList<double[]> Axes { get; init; }

    /// <summary>Variance along each axis, divided by n − 1.</summary>
    public required IReadOnlyList<double> Variance { get; init; }

    /// <summary>Sum of the variances of all dimensions.</summary>
    public required double TotalVariance { get; init; }

    /// <summary>Null when fewer than two rows can be placed.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static PrincipalMap? Of(Backend backend, VectorBlock vectors, VectorRange range, int threads, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(range);
        if (range.Rows < 2)
        {
            return null;
        }

        CovarianceState state = Sums(backend, vectors, CovariancePlan.For(range, threads), cancel);
        int width = vectors.Width;
        double[] matrix = new double[checked(width * width)], mean = new double[width];
        double total = 0;
        for (int i = 0; i < width; i++)
        {
            mean[i] = state.Mean(i);
            for (int j = i; j < width; j++)
            {
                matrix[(i * width) + j] = matrix[(j * width) + i] = state.Covariance(i, j);
            }

            total += matrix[(i * width) + i];
        }

        (double[] variance, double[][] axes) = Lanczos.Largest(matrix, width, Math.Min(2, width), threads);
        double[] x = Place(vectors, mean, axes[0], threads, cancel);
        double[] y = axes.Length > 1 ? Place(vectors, mean, axes[1], threads, cancel) : [.. x.Select(v => 0 * v)];
        return new PrincipalMap(x, y) { Axes = axes, Variance = variance, TotalVariance = total };
    }

    private static CovarianceState Sums(Backend backend, VectorBlock vectors, CovariancePlan plan, CancellationToken cancel)
    {
        using IFold<VectorBlock, CovarianceState> fold = backend.Covariance(plan);
        long most = Math.Max(1, PieceBytes / ((long)vectors.Width * sizeof(float)));
        for (long start = 0; start < vectors.Rows; start += most)
        {
            cancel.ThrowIfCancellationRequested();
            fold.Accept(vectors.Slice(start, Math.Min(most, vectors.Rows - start)));
        }

        return fold.Take();
    }

    private static double[] Place(VectorBlock vectors, double[] mean, double[] axis, int threads, CancellationToken cancel)
    {
        double[] places = new double[vectors.Rows];
        Parallel.For(
            0,
            vectors.Rows,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancel },
            row => places[row] = DoubleVector.Project(vectors.Row(row), mean, axis) is var place && double.IsFinite(place) ? place : double.NaN);
        return places;
    }
}
