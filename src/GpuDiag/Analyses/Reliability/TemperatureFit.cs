using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Reliability;

/// <summary>
/// Fits one temperature to all rows and one to each segment: T = 1/β at the minimum over β of the negative log-likelihood
/// of softmax(β·ln p). The sums of one evaluation are <see cref="TemperState"/>; this says where to evaluate next.
/// The gradient g rises with β; Newton's method on it in ln β, kept inside a bracket and bisected where it leaves it.
/// Done when a step of ln β is below 1e-5 (that step is taken, and its square is what is left) or after 30 evaluations.
/// No temperature: too few rows, or the optimum lies outside β in [1e-3, <see cref="Temper.MaxBeta"/>] (every row certain and right, or chance
/// level beats it), or nothing depends on β. Depends on the states alone, so it is the same on every machine.
/// </summary>
public sealed class TemperatureFit
{
    private const double LeastBeta = 1e-3, MostBeta = Temper.MaxBeta, Tolerance = 1e-5, LongestStep = 3;
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

            double step = -gradient / (Beta * curvature);
            double next = Math.Clamp(Beta * Deterministic.Exp(Math.Clamp(step, -LongestStep, LongestStep)), LeastBeta, MostBeta);
            if (Math.Abs(step) <= Tolerance || evaluations == MostEvaluations)
            {
                Open = false;
                Temperature = 1 / Math.Clamp(next, low, high);
                return;
            }

            bool inside = (next > low || (next == low && !lowProven)) && (next < high || (next == high && !highProven));
            Beta = inside ? next : Math.Sqrt(low * high);
            if (evaluations == ProbeAfter && !highProven)
            {
                // Where every row is right the gradient only fades, and Newton creeps after it: see whether there is an end.
                resume = Beta == MostBeta ? null : Beta;
                Beta = MostBeta;
            }
        }
    }
}
