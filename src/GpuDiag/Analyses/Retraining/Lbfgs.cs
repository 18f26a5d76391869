namespace GpuDiag.Analyses.Retraining;

/// <summary>
/// Minimises a smooth strictly convex function by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.4) with a given
/// diagonal to start from and steps that are halved until they satisfy Armijo's condition. All sums go from the first to the last
/// entry, so the path is the same everywhere.
/// </summary>
internal sealed class Lbfgs
{
    private const int Memory = 12, MostHalvings = 40;

    private const double Armijo = 1e-4;

    private readonly List<(double[] S, double[] Y, double Rho)> pairs = [];

    /// <summary>Steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>The greatest entry of the last gradient.</summary>
    public double Gradient { get; private set; }

    /// <summary>Moves <paramref name="x"/> to the minimum.</summary>
    /// <param name="x">The start, and the end.</param>
    /// <param name="evaluate">Gives value and gradient.</param>
    /// <param name="diagonal">Near the Hessian's, above 0.</param>
    /// <param name="tolerance">Ends where no entry of the gradient is greater.</param>
    /// <param name="mostSteps">Ends after so many.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The tolerance was reached, or no step makes the value smaller in its last bits.</returns>
    public bool Run(double[] x, Func<double[], double[], double> evaluate, double[] diagonal, double tolerance, int mostSteps, CancellationToken cancel)
    {
        double[] gradient = new double[x.Length], next = new double[x.Length], nextGradient = new double[x.Length];
        double value = evaluate(x, gradient);
        Gradient = Greatest(gradient);
        while (Gradient > tolerance && Steps < mostSteps)
        {
            cancel.ThrowIfCancellationRequested();
            double[] direction = Direction(gradient, diagonal);
            double slope = Dot(direction, gradient), step = 1, nextValue = 0;
            bool found = false;
            for (int halving = 0; halving < MostHalvings && !found; halving++, step /= 2)
            {
                for (int i = 0; i < x.Length; i++)
                {
                    next[i] = Math.FusedMultiplyAdd(-step, direction[i], x[i]);
                }

                nextValue = evaluate(next, nextGradient);

                // At the end the value has no digits left to fall by; then the gradient tells.
                found = nextValue <= value - (Armijo * step * slope)
                    || (nextValue <= value + (1e-14 * Math.Abs(value)) && Greatest(nextGradient) < Gradient);
            }

            if (!found)
            {
                if (pairs.Count == 0)
                {
                    return Gradient <= 1e3 * tolerance;
                }

                pairs.Clear();
                continue;
            }

            Remember(x, next, gradient, nextGradient);
            next.CopyTo(x, 0);
            nextGradient.CopyTo(gradient, 0);
            value = nextValue;
            Gradient = Greatest(gradient);
            Steps++;
        }

        return Gradient <= tolerance;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum = Math.FusedMultiplyAdd(a[i], b[i], sum);
        }

        return sum;
    }

    private static double Greatest(double[] a)
    {
        double greatest = 0;
        foreach (double v in a)
        {
            greatest = Math.Max(greatest, Math.Abs(v));
        }

        return greatest;
    }

    private double[] Direction(double[] gradient, double[] diagonal)
    {
        double[] q = [.. gradient], alpha = new double[pairs.Count];
        for (int j = pairs.Count - 1; j >= 0; j--)
        {
            alpha[j] = pairs[j].Rho * Dot(pairs[j].S, q);
            Add(q, -alpha[j], pairs[j].Y);
        }

        double scale = 1;
        if (pairs.Count > 0)
        {
            (double[] _, double[] y, double rho) = pairs[^1];
            double sum = 0;
            for (int i = 0; i < y.Length; i++)
            {
                sum = Math.FusedMultiplyAdd(y[i] / diagonal[i], y[i], sum);
            }

            scale = 1 / (rho * sum);
        }

        for (int i = 0; i < q.Length; i++)
        {
            q[i] = scale * (q[i] / diagonal[i]);
        }

        for (int j = 0; j < pairs.Count; j++)
        {
            Add(q, alpha[j] - (pairs[j].Rho * Dot(pairs[j].Y, q)), pairs[j].S);
        }

        return q;
    }

    private static void Add(double[] to, double factor, double[] from)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = Math.FusedMultiplyAdd(factor, from[i], to[i]);
        }
    }

    private void Remember(double[] x, double[] next, double[] gradient, double[] nextGradient)
    {
        double[] s = new double[x.Length], y = new double[x.Length];
        for (int i = 0; i < s.Length; i++)
        {
            (s[i], y[i]) = (next[i] - x[i], nextGradient[i] - gradient[i]);
        }

        double product = Dot(s, y);
        if (product > 0)
        {
            pairs.Add((s, y, 1 / product));
            if (pairs.Count > Memory)
            {
                pairs.RemoveAt(0);
            }
        }
    }
}
