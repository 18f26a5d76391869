using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>
/// Minimises the objective by Newton's method: each step by conjugate gradients as far as it is worth (Nocedal and Wright, Numerical
/// Optimization, algorithm 7.1), halved until it satisfies Armijo's condition. All sums have one order, so the path is the same everywhere.
/// Products with the Hessian, and values far from the end, are made of float32; where that ends is decided by values and gradients in double.
/// </summary>
internal sealed class NewtonSearch : IDisposable
{
    private const int MostSteps = 200, MostHalvings = 40;

    private const double Armijo = 1e-4;

    /// <summary>How much further than in the steps before what the preconditioner says of the gain may lie below the gain.</summary>
    private const double Caution = 10;

    /// <summary>The gain of a step, per unit of the value and of weight, from which values are computed in double; what a value in float32 may be off by; how far it has to fall for another preconditioner.</summary>
    private const double NearGain = 1e-4, NearNoise = 1e-6, Changed = 3e-2;

    /// <summary>The share of the gain before from which steps certainly square the error.</summary>
    private const double Deep = 1e-2;

    /// <summary>The share of the tolerance that directions may leave, where the end is proven and where it is not.</summary>
    private const double Left = 3e-2, LeftUnproven = 0.3;

    /// <summary>The least that a step near the end has to take off its gain by, or products in float32 are not enough for it.</summary>
    private const double LeastProgress = 0.3;

    private readonly Preconditioner preconditioner = new();
    private bool made;
    private double spent, madeAt, madeFor;

    /// <summary>Steps of the last run.</summary>
    public int Steps { get; private set; }

    /// <summary>Products with the Hessian of the last run.</summary>
    public int Products { get; private set; }

    /// <summary>Values with their gradients of the last run.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Of these, the values that were computed in double.</summary>
    public int ExactEvaluations { get; private set; }

    /// <summary>Moves weights to the minimum.</summary>
    /// <param name="loss">The objective.</param>
    /// <param name="weights">The start, and the end.</param>
    /// <param name="lambda">1 / C.</param>
    /// <param name="tolerance">Ends with the step from where a step makes the value smaller by no more.</param>
    /// <param name="proven">The end is told from values and gradients in double, after the last step; otherwise what that step leaves is judged by the steps before.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The tolerance was reached.</returns>
    public bool Run(SoftmaxLoss loss, double[] weights, double lambda, double tolerance, bool proven, CancellationToken cancel)
    {
        (Steps, Products, Evaluations, ExactEvaluations) = (0, 0, 0, 0);
        bool near = !loss.Sweep.Exact, wasNear = near;
        double gainOfBound = 0, lastBound = double.PositiveInfinity, lastGain = double.NaN;
        double[] gradient = new double[loss.Length], step = new double[loss.Length], next = new double[loss.Length], nextGradient = new double[loss.Length];
        NewtonDirection direction = new(loss.Length);
        double value = Evaluate(weights, gradient);
        if (!(value <= loss.AtZero))
        {
            // A start that is worse than none.
            Array.Clear(weights);
            value = Evaluate(weights, gradient);
        }

        for (; Steps < MostSteps; Steps++)
        {
            cancel.ThrowIfCancellationRequested();
            if (gainOfBound > 0 && !wasNear)
            {
                double bound = direction.Bound(loss, preconditioner, gradient);
                if (Caution * gainOfBound * bound / 2 <= tolerance)
                {
                    // The step is not worth a product. How the preconditioner's measure and the gain relate, the steps before told.
                    return true;
                }

                if (!loss.Sweep.Exact && bound > LeastProgress * lastBound)
                {
                    loss.Sweep.Exact = true;
                    value = Evaluate(weights, gradient);
                }

                lastBound = bound;
            }

            double cost = Preconditioner.Cost(loss.Sweep);
            if (!made || lambda != madeFor || (spent > cost && madeAt - value > Changed * Math.Abs(value)))
            {
                preconditioner.Make(loss, lambda);
                (made, madeFor, madeAt, spent, gainOfBound) = (true, lambda, value, 0, 0);
            }

            int products = direction.Solve(loss, preconditioner, gradient, lambda, value, (proven ? Left : LeftUnproven) * tolerance, step, cancel);
            Products += products;
            spent += products * loss.Sweep.ProductCost;
            double slope = DoubleVector.Dot(step, gradient), length = 1;
            if (slope <= 0 && !wasNear)
            {
                return true;
            }

            gainOfBound = Math.Max(gainOfBound, slope / direction.LastBound);
            if (!proven && slope <= Deep * lastGain && Caution * Squared(slope, lastGain) / 2 <= tolerance)
            {
                DoubleVector.AddScaled(weights, -1, step);
                return true;
            }

            lastGain = slope;
            bool last = (!proven || !wasNear) && slope / 2 <= tolerance, found = false, stalled = false;
            near &= slope / 2 > NearGain * Math.Max(Math.Abs(value), loss.Mass);
            for (int halving = 0; halving < MostHalvings && !found; halving++, length /= 2)
            {
                weights.CopyTo(next, 0);
                DoubleVector.AddScaled(next, -length, step);
                double nextValue = Evaluate(next, nextGradient);

                // Near the end the value has no digits left to fall by.
                double enough = value - (Armijo * length * slope);
                found = nextValue <= enough + ((near || wasNear ? NearNoise : 1e-13) * Math.Abs(value));
                if (found)
                {
                    (stalled, value) = (nextValue > enough, nextValue);
                }
            }

            if (!found)
            {
                if (loss.Sweep.Exact)
                {
                    return slope / 2 <= 1e3 * tolerance;
                }

                (loss.Sweep.Exact, near, wasNear) = (true, false, false);
                value = Evaluate(weights, gradient);
                continue;
            }

            (wasNear, near) = (near, near && !stalled);
            next.CopyTo(weights, 0);
            nextGradient.CopyTo(gradient, 0);
            if (last)
            {
                return true;
            }
        }

        return false;

        // Newton's steps square the error: what the next one gains, by the ratio that this one and the one before tell.
        static double Squared(double gain, double before) => gain / before * (gain / before) * gain;

        double Evaluate(double[] at, double[] to)
        {
            Evaluations++;
            ExactEvaluations += near ? 0 : 1;
            return loss.Evaluate(at, lambda, to, near);
        }
    }

    public void Dispose() => preconditioner.Dispose();
}
