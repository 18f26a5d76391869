using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Ranking;
using GpuDiag.Analyses.Reliability;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Labels;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// The passes that only probabilities need: all scores counted over the partitions that the positive rows' scores
/// give (ROC AUC, average precision), again where that leaves too wide a bound, rows counted by the class that they are
/// confidently of, and temperatures: fitted to a sample in memory first, then to all rows from
/// where that led, two evaluations in the ranking pass and mostly no other.
/// </summary>
internal sealed class ProbabilityFit(ScanPlan plan, Pipeline pipeline, Rounds rounds, long rows, long minimumRows, int threads, StageClock clock)
{
    /// <summary>Ranks and fits.</summary>
    /// <returns>
    /// Per segmentation (0 = all rows) its ranks, null where it is too fine for them; per class the refined sums over all
    /// rows, where its ranks are not exact enough; the fitted temperatures; the confident joint. Null without probabilities.
    /// </returns>
    public (RankState?[] Ranks, IReadOnlyList<RankTally?> Refined, TemperatureFit? Temperatures, ConfidentJointState? Joint) Run(MainStates main)
    {
        ScanColumns columns = plan.Columns;
        if (plan.ClassCodes.Length == 0)
        {
            return ([.. columns.Segments.Select(_ => (RankState?)null).Prepend(null)], [], null, null);
        }

        List<(int Segment, RankPlan Plan)> ranks = [(-1, Rank(null, main.Positives[0]))];
        ranks.AddRange(columns.Segments.Select((s, i) => (i, s)).Where(s => plan.IsRanked(s.s)).Select(s => (s.i, Rank(s.s, main.Positives[s.i + 1]))));
        TemperatureFit sampled = clock.Time("temperature", () => Fit(main.Scores!, main.Sample!));
        TemperatureFit fit = main.Sample!.IsComplete ? sampled : new TemperatureFit(main.Scores!, minimumRows, sampled);
        RankStates ranked = Pass("rank", ranks, fit.NextPlan(), new ConfidentJointPlan(columns.Classes, plan.ClassCodes, main.SelfConfidence!.Least()));
        RankState?[] byTable = new RankState?[columns.Segments.Count + 1];
        for (int i = 0; i < ranks.Count; i++)
        {
            byTable[ranks[i].Segment + 1] = ranked.Ranks![i];
        }

        if (ranked.Temper is { } first)
        {
            fit.Accept(first);
        }

        while (fit.NextPlan() is { } next)
        {
            fit.Accept(Pass("temperature", [], next, null).Temper!);
        }

        RankRefinement refinement = new(byTable[0]!, ScanPlan.RankCapacity);
        while (refinement.NextPlan() is { } cuts)
        {
            refinement.Accept(Pass("refine", [(-1, cuts)], null, null).Ranks![0]);
        }

        return (byTable, refinement.Tallies, fit, ranked.Joint);
    }

    private TemperatureFit Fit(ScoreState scores, RowSample sample)
    {
        TemperatureFit fit = new(scores, minimumRows);
        while (fit.NextPlan() is { } next)
        {
            fit.Accept(sample.Evaluate(next, threads));
        }

        sample.Clear();
        return fit;
    }

    private RankPlan Rank(Domain? segment, Positives positives) =>
        new(plan.Columns.Classes, plan.ClassCodes, segment, positives.Partitions());

    private RankStates Pass(string stage, List<(int Segment, RankPlan Plan)> ranks, TemperPlan? temper, ConfidentJointPlan? joint)
    {
        ScanPass pass = new(plan.Columns, Needs.Probabilities | Needs.Segments);
        int rowBytes = pass.RowBytes(plan.ClassCodes.Length);
        RankStates states = new();
        rounds.Pass(
            new RoundPass(stage),
            pipeline,
            some => clock.Pass(stage, ranks.Count > 0 ? "ranking" : "fitting temperatures", rows, done =>
                some.Run(pass.Requests, () => new RankPass(plan, pass, some.BatchRows(rowBytes), ranks, temper, joint, states), rowBytes, done)),
            writer => RankStateFile.Save(writer, states),
            reader => RankStateFile.Load(reader, states, ranks.Select(r => r.Plan), temper, joint));
        return states;
    }
}
