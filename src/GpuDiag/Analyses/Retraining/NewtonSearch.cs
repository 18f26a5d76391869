using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>
/// Minimises the objective by Newton's method: each step by conjugate gradients as far as it is worth (Nocedal and Wright, Numerical
/// Optimization, algorithm 7.1), halved until it satisfies Armijo's condition. All sums have one order, so the path is the same everywhere.
/// </summary>
internal sealed class NewtonSearch : IDisposable
{
    private const int MostSteps = 200, MostHalvings = 40;

    private const double Armijo = 1e-4;

    /// <summary>How much further than in the steps before what the preconditioner says of the gain may lie below the gain.</summary>
    private const double Caution = 10;

    private readonly Preconditioner preconditioner = new();
    private bool made;
    private double spent;

    /// <summary>Steps of the last run.</summary>
    public int Steps { get; private set; }

    /// <summary>Products with the Hessian of the last run.</summary>
    public int Products { get; private set; }

    /// <summary>Values with their gradients of the last run.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Moves weights to the minimum.</summary>
    /// <param name="loss">The objective.</param>
    /// <param name="weights">The start, and the end.</param>
    /// <param name="lambda">1 / C.</param>
    /// <param name="tolerance">Ends with the step from where a step makes the value smaller by no more.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The tolerance was reached.</returns>
    public bool Run(SoftmaxLoss loss, double[] weights, double lambda, double tolerance, CancellationToken cancel)
    {
        (Steps, Products, Evaluations) = (0, 0, 1);
        double gainOfBound = 0;
        double[] gradient = new double[loss.Length], step = new double[loss.Length], next = new double[loss.Length], nextGradient = new double[loss.Length];
        NewtonDirection direction = new(loss.Length);
        double value = loss.Evaluate(weights, lambda, gradient);
        for (; Steps < MostSteps; Steps++)
        {
            cancel.ThrowIfCancellationRequested();
            if (gainOfBound > 0 && Caution * gainOfBound * direction.Bound(loss, preconditioner, gradient) / 2 <= tolerance)
            {
                // The step is not worth a product. How the preconditioner's measure and the gain relate, the steps before told.
                return true;
            }

            double cost = Preconditioner.Cost(loss.Sweep);
            if (!made || spent > cost)
            {
                preconditioner.Make(loss, lambda);
                (made, spent, gainOfBound) = (true, 0, 0);
            }

            int products = direction.Solve(loss, preconditioner, gradient, lambda, value, tolerance, step, cancel);
            Products += products;
            spent += products * loss.ProductCost;
            double slope = DoubleVector.Dot(step, gradient), length = 1;
            if (slope <= 0)
            {
                return true;
            }

            gainOfBound = Math.Max(gainOfBound, slope / direction.LastBound);
            bool last = slope / 2 <= tolerance, found = false;
            for (int halving = 0; halving < MostHalvings && !found; halving++, length /= 2)
            {
                weights.CopyTo(next, 0);
                DoubleVector.AddScaled(next, -length, step);
                Evaluations++;
                double nextValue = loss.Evaluate(next, lambda, nextGradient);

                // Near the end the value has no digits left to fall by.
                found = nextValue <= value - (Armijo * length * slope) + (1e-13 * Math.Abs(value));
                if (found)
                {
                    value = nextValue;
                }
            }

            if (!found)
            {
                return slope / 2 <= 1e3 * tolerance;
            }

            next.CopyTo(weights, 0);
            nextGradient.CopyTo(gradient, 0);
            if (last)
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose() => preconditioner.Dispose();
}
