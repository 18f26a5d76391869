using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Reliability;

/// <summary>
/// Fits one temperature to all rows and one to each segment: T = 1/β at the minimum over β of the negative log-likelihood
/// of softmax(β·ln p). The sums of one evaluation are <see cref="TemperState"/>; this says where to evaluate next.
/// The gradient g rises with β; Newton's method on it in ln β, sped up by the evaluation before, kept inside a bracket and
/// bisected where it leaves it. Where a fit to a sample went before, its optimum is taken between two first
/// evaluations, which are one pass over the data and mostly the last.
/// Done when a step of ln β is below 5e-4 (that step is taken, and about its square is left), when interpolation between two
/// evaluations leaves as little, or after 30 evaluations.
/// No temperature: too few rows, or the optimum lies outside β in [1e-3, <see cref="Temper.MaxBeta"/>] (every row certain and right, or chance
/// level beats it), or nothing depends on β. Depends on the states alone, so it is the same on every machine.
/// </summary>
public sealed class TemperatureFit
{
    /// <summary>Rows of a segment in a sample below which the sample's temperature of all rows is the better start.</summary>
    private const long LeastSampleRows = 64;

    private readonly ScorePlan plan;
    private readonly TemperatureSearch[][] searches;

    /// <param name="scores">The scored rows of each segment.</param>
    /// <param name="minimumRows">Segments with fewer scored rows are not fitted (all rows together: fewer than 2).</param>
    /// <param name="sample">The fit to a sample of the rows, for where to start; null: at 1.</param>
    public TemperatureFit(ScoreState scores, long minimumRows, TemperatureFit? sample = null)
    {
        ArgumentNullException.ThrowIfNull(scores);
        plan = scores.Plan;
        searches = new TemperatureSearch[1 + scores.Segments.Count][];
        searches[0] = [new TemperatureSearch(scores.Overall[0].Scored >= 2, sample?.Start(0, 0))];
        for (int t = 1; t < searches.Length; t++)
        {
            ScoreTable table = scores.Segments[t - 1];
            searches[t] = [.. Enumerable.Range(0, table.Segment!.Count)
                .Select(code => new TemperatureSearch(table[code].Scored >= Math.Max(2, minimumRows), sample?.Start(t, code)))];
        }
    }

    /// <summary>The temperature of all rows, or null.</summary>
    public double? Overall => searches[0][0].Temperature;

    /// <summary>
    /// The next evaluation; null when all are done. Where a search asks for two inverse temperatures, every table comes
    /// twice: the plan's segmentations are followed by one that has all rows under null, and by themselves.
    /// </summary>
    public TemperPlan? NextPlan()
    {
        if (!searches.Any(table => table.Any(s => s.Open)))
        {
            return null;
        }

        IEnumerable<double[]> betas = Betas(s => s.Beta);
        IReadOnlyList<Domain> segments = plan.Segments;
        if (searches.Any(table => table.Any(s => s.Open && s.Beside is not null)))
        {
            betas = betas.Concat(Betas(s => s.Beside ?? double.NaN));
            segments = [.. segments, new Domain("all rows"), .. segments];
        }

        return new TemperPlan(plan.Classes, plan.ClassCodes, segments, [.. betas]);
    }

    /// <summary>Takes the merged state of the last plan.</summary>
    public void Accept(TemperState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        for (int t = 0; t < searches.Length; t++)
        {
            for (int code = 0; code < searches[t].Length; code++)
            {
                if (searches[t][code] is { Open: true } search)
                {
                    TemperCell first = state.Cells[t][code];
                    search.Accept(first, search.Beside is null ? default : state.Cells[searches.Length + t][code]);
                }
            }
        }
    }

    /// <summary>The temperature of a segment of a segmentation (index as in the plan), or null.</summary>
    public double? Segment(int segmentation, int code) =>
        code < searches[segmentation + 1].Length ? searches[segmentation + 1][code].Temperature : null;

    private IEnumerable<double[]> Betas(Func<TemperatureSearch, double> beta) =>
        searches.Select(table => table.Select(s => s.Open ? beta(s) : double.NaN).ToArray());

    private TemperatureSearch Start(int table, int code) =>
        code < searches[table].Length && searches[table][code].Rows >= LeastSampleRows ? searches[table][code] : searches[0][0];
}
