using GpuDiag.Analyses.Metrics;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Ranking;

/// <summary>
/// Further ranking passes for classes whose bounds, after the first, are too wide: with so many classes and rows that the
/// positives' scores had to be thinned a lot. As many passes as it takes, each of bounded memory.
/// </summary>
internal sealed class RankRefinement
{
    /// <summary>What the bound of a class's ROC AUC may be.</summary>
    public const double RocAucTolerance = 1e-6;

    /// <summary>What the bound of a class's average precision may be.</summary>
    public const double AveragePrecisionTolerance = 1e-4;

    private readonly RankPlan first;
    private readonly int budget;
    private readonly ClassRefinement?[] classes;

    /// <param name="ranked">All rows counted over the first partitions.</param>
    /// <param name="budget">Keys of all classes' partitions together in a pass, at least 3.</param>
    public RankRefinement(RankState ranked, int budget, double rocAuc = RocAucTolerance, double averagePrecision = AveragePrecisionTolerance)
    {
        (first, this.budget) = (ranked.Plan, budget);
        classes = new ClassRefinement?[ranked.Plan.Partitions.Length];
        for (int k = 0; k < classes.Length; k++)
        {
            if (ranked.Plan.Partitions[k] is not { Bits: < 64 } partition)
            {
                continue;
            }

            OneVsRest coarse = OneVsRest.Of(ranked.Negatives[k], ranked.Positives[k], partition.Bits);
            if (coarse.RocAuc.Bound > rocAuc || coarse.AveragePrecision.Bound > averagePrecision)
            {
                classes[k] = new ClassRefinement(partition, ranked.Negatives[k], ranked.Positives[k], rocAuc, averagePrecision);
            }
        }
    }

    /// <summary>Per class column its refined sums; null where the first pass did.</summary>
    public IReadOnlyList<RankTally?> Tallies => [.. classes.Select(c => c?.Tally)];

    /// <summary>What to count next; null when all bounds are kept.</summary>
    public RankPlan? NextPlan()
    {
        ScorePartition?[] partitions = new ScorePartition?[classes.Length];
        int room = budget;
        for (int k = 0; k < classes.Length; k++)
        {
            partitions[k] = classes[k]?.Cut(room, budget);
            room -= partitions[k]?.Keys.Length ?? 0;
        }

        return partitions.All(p => p is null) ? null : first with { Partitions = partitions };
    }

    public void Accept(RankState ranked)
    {
        for (int k = 0; k < classes.Length; k++)
        {
            if (ranked.Negatives[k] is { } negatives)
            {
                classes[k]!.Accept(negatives, ranked.Positives[k]!);
            }
        }
    }
}
