using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Reliability;

/// <summary>The search for one temperature: <see cref="TemperatureFit"/> says how.</summary>
internal sealed class TemperatureSearch
{
    private const double LeastBeta = 1e-3, MostBeta = Temper.MaxBeta, Tolerance = 5e-4, LongestStep = 3;

    /// <summary>
    /// Interpolation at two evaluations errs by the square of the product of their distances from the root, times up to
    /// six or so in what was tried: below 1e-7.
    /// </summary>
    private const double PairTolerance = 1e-4;

    /// <summary>e^±0.01: how far from a sample's optimum the first two evaluations lie. They meet one that is off by √2 of that.</summary>
    private const double PairStep = 1.010050167084168, PairStepBack = 0.9900498337491681;

    private const int MostEvaluations = 30, ProbeAfter = 5;
    private double low = LeastBeta, high = MostBeta;
    private bool lowProven, highProven;
    private double? resume;
    private (double LogBeta, double Gradient, double Slope)? before;
    private int evaluations;

    /// <param name="open">Whether to search at all.</param>
    /// <param name="sample">The search over a sample of the rows, or null.</param>
    public TemperatureSearch(bool open, TemperatureSearch? sample)
    {
        Open = open;
        if (sample?.Temperature is double temperature && 1 / temperature is > 2 * LeastBeta and < MostBeta / 2)
        {
            (Beta, Beside) = (PairStepBack / temperature, PairStep / temperature);
        }
        else if (sample?.Beta is LeastBeta or MostBeta)
        {
            // No optimum in the sample: look first whether there is none at all.
            (Beta, resume) = (sample.Beta, 1);
        }
    }

    public bool Open { get; private set; }

    /// <summary>Where to evaluate next.</summary>
    public double Beta { get; private set; } = 1;

    /// <summary>Where to evaluate in the same pass, above <see cref="Beta"/>; null: nowhere else.</summary>
    public double? Beside { get; private set; }

    /// <summary>What was found, or null.</summary>
    public double? Temperature { get; private set; }

    /// <summary>Rows of the last evaluation.</summary>
    public long Rows { get; private set; }

    /// <param name="cell">The evaluation at <see cref="Beta"/>.</param>
    /// <param name="beside">That at <see cref="Beside"/>, if asked for.</param>
    public void Accept(in TemperCell cell, in TemperCell beside)
    {
        if (Beside is double upper)
        {
            // Both sums are in the same unit, and only their quotient and signs matter.
            double slope = Beta * cell.Curvature.ToDouble();
            Bound(cell.Gradient.ToDouble());
            before = slope > 0 ? (Deterministic.Log(Beta), cell.Gradient.ToDouble(), slope) : null;
            (Beta, Beside) = (upper, null);
            Accept(beside);
        }
        else
        {
            Accept(cell);
        }
    }

    private void Accept(in TemperCell cell)
    {
        double gradient = cell.Gradient.ToDouble(), curvature = cell.Curvature.ToDouble();
        evaluations++;
        Rows = cell.Rows;
        bool beyond = (gradient <= 0 && Beta == MostBeta) || (gradient >= 0 && Beta == LeastBeta);
        if (cell.Rows == 0 || beyond || (gradient == 0 && curvature == 0))
        {
            Open = false;
            return;
        }

        Bound(gradient);
        if (resume is double kept)
        {
            resume = null;
            Beta = kept;
            return;
        }

        (double step, bool last) = Step(Deterministic.Log(Beta), gradient, Beta * curvature);
        double next = Math.Clamp(Beta * Deterministic.Exp(Math.Clamp(step, -LongestStep, LongestStep)), LeastBeta, MostBeta);
        if (last || evaluations == MostEvaluations)
        {
            Open = false;
            Temperature = 1 / Math.Clamp(next, low, high);
            return;
        }

        bool inside = (next > low || (next == low && !lowProven)) && (next < high || (next == high && !highProven));
        Beta = inside ? next : Math.Sqrt(low * high);
        if (evaluations == ProbeAfter && !highProven && Math.Abs(step) > 0.1)
        {
            // Where every row is right the gradient only fades, and Newton creeps after it: see whether there is an end.
            resume = Beta == MostBeta ? null : Beta;
            Beta = MostBeta;
        }
    }

    /// <summary>The optimum lies on the side of <see cref="Beta"/> to which the gradient falls.</summary>
    private void Bound(double gradient)
    {
        if (gradient < 0)
        {
            low = Beta;
            lowProven = true;
        }
        else
        {
            high = Beta;
            highProven = true;
        }
    }

    /// <summary>
    /// The step of ln β to where the gradient vanishes, and whether it leads there closely enough: by Newton's method at
    /// first, then by the cubic that takes ln β and its derivative at the last two gradients (inverse Hermite
    /// interpolation, of order 1 + √3), which saves a pass over the data or two. Newton's step again where the cubic
    /// strays.
    /// </summary>
    private (double Step, bool Last) Step(double at, double gradient, double slope)
    {
        double newton = -gradient / slope, step = newton;
        bool last = Math.Abs(newton) <= Tolerance;
        if (before is (double then, double gradientThen, double slopeThen) && gradient != gradientThen)
        {
            double d = gradient - gradientThen, t = -gradientThen / d, u = 1 - t;
            double root = ((1 + (2 * t)) * u * u * then) + (t * u * u * d / slopeThen) + (t * t * (3 - (2 * t)) * at) + (t * t * (t - 1) * d / slope);
            if ((root - at) / newton is > 0.25 and < 4)
            {
                step = root - at;
                last = Math.Abs(step) <= Tolerance || Math.Abs(step * (root - then)) <= PairTolerance;
            }
        }

        before = slope > 0 ? (at, gradient, slope) : null;
        return (step, last);
    }
}
