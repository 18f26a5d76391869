using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>Solves Hessian · step = gradient by preconditioned conjugate gradients, about.</summary>
/// <param name="length">Entries.</param>
internal sealed class NewtonDirection(int length)
{
    private const int MostProducts = 500;

    private readonly double[] residual = new double[length], direction = new double[length], product = new double[length], solved = new double[length];

    /// <summary>What <see cref="Bound"/> was of the last gradient that was solved for.</summary>
    public double LastBound { get; private set; }

    /// <summary>The gradient's squared length as the preconditioner measures it: without a product, near what a step would win, twice.</summary>
    public double Bound(SoftmaxLoss loss, Preconditioner preconditioner, double[] gradient)
    {
        preconditioner.Apply(loss.Sweep, gradient, solved);
        return DoubleVector.Dot(gradient, solved);
    }

    /// <summary>Fills <paramref name="step"/>; gives how many products with the Hessian that took.</summary>
    /// <param name="loss">Whose Hessian, at its last evaluation.</param>
    /// <param name="preconditioner">Near it.</param>
    /// <param name="gradient">The right side.</param>
    /// <param name="lambda">1 / C.</param>
    /// <param name="value">The objective's value: what a step can win is measured by it.</param>
    /// <param name="tolerance">What may be left of what a step wins.</param>
    /// <param name="step">Receives the solution.</param>
    /// <param name="cancel">Stops it.</param>
    public int Solve(SoftmaxLoss loss, Preconditioner preconditioner, double[] gradient, double lambda, double value, double tolerance, double[] step, CancellationToken cancel)
    {
        Array.Clear(step);
        gradient.CopyTo(residual, 0);
        preconditioner.Apply(loss.Sweep, residual, solved);
        solved.CopyTo(direction, 0);
        double error = DoubleVector.Dot(residual, solved), enough = error * Forcing(error, value, tolerance);
        LastBound = error;
        int products = 0;
        while (products < MostProducts && error > enough)
        {
            cancel.ThrowIfCancellationRequested();
            loss.Product(direction, lambda, product);
            products++;
            double curvature = DoubleVector.Dot(direction, product);
            if (!(curvature > 0))
            {
                break;
            }

            double length = error / curvature;
            DoubleVector.AddScaled(step, length, direction);
            DoubleVector.AddScaled(residual, -length, product);
            preconditioner.Apply(loss.Sweep, residual, solved);
            double next = DoubleVector.Dot(residual, solved);
            DoubleVector.Scale(direction, next / error);
            DoubleVector.AddScaled(direction, 1, solved);
            error = next;
        }

        return products;
    }

    /// <summary>
    /// The share of the squared error that may be left: a tenth of the error far from the end, less near it, so that steps there square
    /// the error; never so little that what is left is far below the tolerance.
    /// </summary>
    private static double Forcing(double error, double value, double tolerance)
    {
        double share = Math.Clamp(error / Math.Max(value, 1e-300), 1e-8, 1e-2);
        return Math.Clamp(tolerance / Math.Max(error, 1e-300), share, 1e-2);
    }
}
