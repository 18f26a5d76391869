using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Ranking;
using GpuDiag.Engine;
using GpuDiag.Engine.Cpu;
using GpuDiag.Tests.Engine;
using GpuDiag.Tests.Laws;

namespace GpuDiag.Tests.Analyses.Ranking;

/// <summary>Bounds that few kept scores leave wide come within the tolerances by further passes, whatever the rows are like.</summary>
public sealed class RankRefinementTests
{
    private const int Classes = 3, Rows = 3000;

    public static TheoryData<string, bool> Scores => new()
    {
        { "smooth", true }, { "smooth", false }, { "tied", true }, { "tied", false }, { "crowded", true }, { "crowded", false },
    };

    [Theory, MemberData(nameof(Scores))]
    public void Bounds_AreKept_AroundTheExactValues(string kind, bool isDouble)
    {
        ProbabilityRows table = Make(kind, isDouble);
        OneVsRest[] exact = Finish(Rank(new CpuBackend(), table, Start(table, 1 << 20), [], 1), []);
        RankState coarse = Rank(new CpuBackend(), table, Start(table, 32), [], 1);
        Assert.Contains(Finish(coarse, []), c => c.RocAuc.Bound > 1e-4);
        foreach ((int budget, double auc, double average) in ((int, double, double)[])[(100, 1e-3, 1e-2), (100_000, 1e-5, 1e-4)])
        {
            OneVsRest[] refined = Finish(coarse, Refine(new CpuBackend(), table, coarse, budget, auc, average, [], 1));
            Assert.All(refined.Zip(exact), pair =>
            {
                (OneVsRest mine, OneVsRest truth) = pair;
                Assert.InRange(mine.RocAuc.Bound!.Value, 0, auc);
                Assert.InRange(mine.AveragePrecision.Bound!.Value, 0, average);
                Assert.Equal(truth.RocAuc.Value!.Value, mine.RocAuc.Value!.Value, mine.RocAuc.Bound.Value + 1e-14);
                Assert.Equal(truth.AveragePrecision.Value!.Value, mine.AveragePrecision.Value!.Value, mine.AveragePrecision.Bound.Value + 1e-14);
            });
        }
    }

    [Theory, MemberData(nameof(Scores))]
    public void WithoutTolerance_TheValueIsExact(string kind, bool isDouble)
    {
        ProbabilityRows table = Make(kind, isDouble);
        OneVsRest[] exact = Finish(Rank(new CpuBackend(), table, Start(table, 1 << 20), [], 1), []);
        RankState coarse = Rank(new CpuBackend(), table, Start(table, 32), [], 1);
        OneVsRest[] refined = Finish(coarse, Refine(new CpuBackend(), table, coarse, 100_000, 1e-12, 1e-12, [], 1));
        Assert.Equal(exact.Select(c => (c.RocAuc.Value, c.RocAuc.Bound)), refined.Select(c => (c.RocAuc.Value, c.RocAuc.Bound)));
        Assert.All(refined, c => Assert.InRange(c.AveragePrecision.Bound!.Value, 0, 1e-12));
    }

    [Fact]
    public void AnySplitAndBackend_GivesTheSameSums()
    {
        ProbabilityRows table = Make("tied", false);
        RankTally?[] Sums(Backend backend, int[] cuts, int folds)
        {
            RankState coarse = Rank(backend, table, Start(table, 32), cuts, folds);
            return [.. Refine(backend, table, coarse, 1000, 1e-4, 1e-3, cuts, folds)];
        }

        RankTally?[] expected = Sums(new ReferenceBackend(), [], 1);
        Assert.Equal(expected, Sums(new CpuBackend(LaneWidth.Vector512), [1000, 1001, 5000], 3));
        Assert.Equal(expected, Sums(new CpuBackend(LaneWidth.Scalar), [17], 2));
    }

    [Fact]
    public void NarrowBounds_NeedNoPass()
    {
        ProbabilityRows table = Make("smooth", true);
        RankRefinement refinement = new(Rank(new CpuBackend(), table, Start(table, 1 << 20), [], 1), 64);
        Assert.Null(refinement.NextPlan());
        Assert.All(refinement.Tallies, Assert.Null);
    }

    private static IReadOnlyList<RankTally?> Refine(
        Backend backend, ProbabilityRows table, RankState coarse, int budget, double auc, double average, int[] cuts, int folds)
    {
        RankRefinement refinement = new(coarse, budget, auc, average);
        for (int pass = 0; refinement.NextPlan() is { } plan; pass++)
        {
            Assert.InRange(pass, 0, 300);
            Assert.InRange(plan.Partitions.Sum(p => p?.Keys.Length ?? 0), 1, budget);
            refinement.Accept(Rank(backend, table, plan, cuts, folds));
        }

        return refinement.Tallies;
    }

    private static OneVsRest[] Finish(RankState state, IReadOnlyList<RankTally?> refined) =>
        [.. Enumerable.Range(0, Classes).Select(k =>
        {
            OneVsRest counted = OneVsRest.Of(state.Negatives[k], state.Positives[k], state.Plan.Partitions[k]!.Bits);
            return k < refined.Count && refined[k] is { } tally ? counted.Refined(tally) : counted;
        })];

    private static RankState Rank(Backend backend, ProbabilityRows table, RankPlan plan, int[] cuts, int folds)
    {
        ProbabilityRun run = table.Prepare(1);
        RankPlan own = run.Rank(64, 1, false) with { Partitions = plan.Partitions };
        RankState state = FoldLaw.Run(() => backend.Rank(own), Rows, cuts, folds, run.RankBatch(false));
        return state;
    }

    /// <summary>The partition that a scan begins with.</summary>
    private static RankPlan Start(ProbabilityRows table, int capacity)
    {
        KeyHistogram[] positives = [.. Enumerable.Range(0, Classes).Select(_ => new KeyHistogram(capacity))];
        for (int r = 0; r < Rows; r++)
        {
            for (int k = 0; k < Classes; k++)
            {
                // As the run has it: column k is class k + 3.
                if (table.Labels[r] == $"c{(k + 3) % Classes}")
                {
                    positives[k].Add(table.Probabilities[(r * Classes) + k]);
                }
            }
        }

        return table.Prepare(1).Rank(64, 1, false) with { Partitions = [.. positives.Select(p => p.ToPartition())] };
    }

    private static ProbabilityRows Make(string kind, bool isDouble)
    {
        Random random = new(11);
        double[] all = new double[Rows * Classes];
        string?[] labels = new string?[Rows];
        for (int r = 0; r < Rows; r++)
        {
            int label = random.Next(Classes);
            labels[r] = $"c{(label + 3) % Classes}";
            for (int k = 0; k < Classes; k++)
            {
                double score = (random.NextDouble() + (k == label ? 0.2 : 0)) / 1.2;
                score = kind switch
                {
                    "tied" when random.Next(3) == 0 => 0.3,
                    "tied" => Math.Round(score * 5000) / 5000,
                    "crowded" => 0.7 + (score * 1e-4),
                    _ => score,
                };
                all[(r * Classes) + k] = isDouble ? score : (float)score;
            }
        }

        return new ProbabilityRows(Classes, Rows, isDouble, all, labels, new string?[Rows]);
    }
}
