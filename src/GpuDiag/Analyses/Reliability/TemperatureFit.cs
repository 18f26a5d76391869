using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Reliability;

/// <summary>
/// Fits one temperature to all rows and one to each segment: T = 1/β at the minimum over β of the negative log-likelihood
/// of softmax(β·ln p). The sums of one evaluation are <see cref="TemperState"/>; this says where to evaluate next.
/// The gradient g rises with β; Newton's method on it in ln β, sped up by the evaluation before, kept inside a bracket and
/// bisected where it leaves it.
/// Done when a step of ln β is below 5e-4 (that step is taken, and about its square is left) or after 30 evaluations.
/// No temperature: too few rows, or the optimum lies outside β in [1e-3, <see cref="Temper.MaxBeta"/>] (every row certain and right, or chance
/// level beats it), or nothing depends on β. Depends on the states alone, so it is the same on every machine.
/// </summary>
public sealed class TemperatureFit
{
    private const double LeastBeta = 1e-3, MostBeta = Temper.MaxBeta, Tolerance = 5e-4, LongestStep = 3;
    private const int MostEvaluations = 30, ProbeAfter = 5;

    private readonly ScorePlan plan;
    private readonly Search[][] searches;

    /// <param name="scores">The scored rows of each segment.</param>
    /// <param name="minimumRows">Segments with fewer scored rows are not fitted (all rows together: fewer than 2).</param>
    public TemperatureFit(ScoreState scores, long minimumRows)
    {
        ArgumentNullException.ThrowIfNull(scores);
        plan = scores.Plan;
        searches = new Search[1 + scores.Segments.Count][];
        searches[0] = [new Search(scores.Overall[0].Scored >= 2)];
        for (int t = 1; t < searches.Length; t++)
        {
            ScoreTable table = scores.Segments[t - 1];
            searches[t] = [.. Enumerable.Range(0, table.Segment!.Count).Select(code => new Search(table[code].Scored >= Math.Max(2, minimumRows)))];
        }
    }

    /// <summary>The next evaluation; null when all are done.</summary>
    public TemperPlan? NextPlan()
    {
        double[][] betas = [.. searches.Select(table => table.Select(s => s.Open ? s.Beta : double.NaN).ToArray())];
        return searches.Any(table => table.Any(s => s.Open)) ? new TemperPlan(plan.Classes, plan.ClassCodes, plan.Segments, betas) : null;
    }

    /// <summary>Takes the merged state of the last plan.</summary>
    public void Accept(TemperState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        for (int t = 0; t < searches.Length; t++)
        {
            for (int code = 0; code < searches[t].Length; code++)
            {
                if (searches[t][code].Open)
                {
                    searches[t][code].Accept(state.Cells[t][code]);
                }
            }
        }
    }

    /// <summary>The temperature of all rows, or null.</summary>
    public double? Overall => searches[0][0].Temperature;

    /// <summary>The temperature of a segment of a segmentation (index as in the plan), or null.</summary>
    public double? Segment(int segmentation, int code) =>
        code < searches[segmentation + 1].Length ? searches[segmentation + 1][code].Temperature : null;

    private sealed class Search(bool open)
    {
        private double low = LeastBeta, high = MostBeta;
        private bool lowProven, highProven;
        private double? resume;
        private (double LogBeta, double Gradient, double Slope)? before;
        private int evaluations;

        public bool Open { get; private set; } = open;

        public double Beta { get; private set; } = 1;

        public double? Temperature { get; private set; }

        public void Accept(in TemperCell cell)
        {
            // Both sums are in the same unit, and only their quotient and signs matter.
            double gradient = cell.Gradient.ToDouble(), curvature = cell.Curvature.ToDouble();
            evaluations++;
            bool beyond = (gradient <= 0 && Beta == MostBeta) || (gradient >= 0 && Beta == LeastBeta);
            if (cell.Rows == 0 || beyond || (gradient == 0 && curvature == 0))
            {
                Open = false;
                return;
            }

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

            if (resume is double kept)
            {
                resume = null;
                Beta = kept;
                return;
            }

            double step = Step(Deterministic.Log(Beta), gradient, Beta * curvature);
            double next = Math.Clamp(Beta * Deterministic.Exp(Math.Clamp(step, -LongestStep, LongestStep)), LeastBeta, MostBeta);
            if (Math.Abs(step) <= Tolerance || evaluations == MostEvaluations)
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

        /// <summary>
        /// The step of ln β to where the gradient vanishes: by Newton's method at first, then by the cubic that takes ln β
        /// and its derivative at the last two gradients (inverse Hermite interpolation, of order 1 + √3), which saves a
        /// pass over the data or two. Newton's step again where the cubic strays.
        /// </summary>
        private double Step(double at, double gradient, double slope)
        {
            double newton = -gradient / slope, step = newton;
            if (before is (double then, double gradientThen, double slopeThen) && gradient != gradientThen)
            {
                double d = gradient - gradientThen, t = -gradientThen / d, u = 1 - t;
                double root = ((1 + (2 * t)) * u * u * then) + (t * u * u * d / slopeThen) + (t * t * (3 - (2 * t)) * at) + (t * t * (t - 1) * d / slope);
                step = (root - at) / newton is > 0.25 and < 4 ? root - at : newton;
            }

            before = slope > 0 ? (at, gradient, slope) : null;
            return step;
        }
    }
}
