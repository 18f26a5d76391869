using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>A class that both models give scores, in a set of rows.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Before">BEFORE's figures.</param>
/// <param name="After">AFTER's.</param>
/// <param name="IsExact">All scores of positives were told apart.</param>
internal readonly record struct RankPair(int Code, OneVsRest Before, OneVsRest After, bool IsExact);

/// <summary>The ranks of both models' scores in a set of rows, and DeLong's sums of the two together.</summary>
/// <param name="Classes">Classes that both models have; null where none of the rows has it.</param>
/// <param name="DeLong">By these.</param>
/// <param name="Macro">Of the means over them.</param>
internal sealed record RankPairStates(RankPair?[] Classes, DeLongState DeLong, MacroScale Macro);

/// <summary>
/// All rows, or the segments of one segmentation, on the way from the scores of positives to DeLong's sums: first both models' scores are
/// counted over partitions, then <see cref="Settle"/> makes scales of the counts, by which rows add to the sums.
/// </summary>
internal sealed class RankTable
{
    private readonly RankPair?[] pairs;

    /// <param name="before">BEFORE.</param>
    /// <param name="after">AFTER.</param>
    /// <param name="segmentation">Which of BEFORE's; −1: all rows.</param>
    /// <param name="left">Scores of positives by BEFORE.</param>
    /// <param name="right">By AFTER.</param>
    public RankTable(CompareSide before, CompareSide after, int segmentation, Positives left, Positives right)
    {
        ScanColumns columns = before.Rows.Columns;
        Domain? segment = segmentation < 0 ? null : columns.Segments[segmentation];
        (Segmentation, Segments) = (segmentation, segment?.Count ?? 1);
        Before = new RankPlan(columns.Classes, before.Rows.ClassCodes, segment, left.Partitions());
        After = new RankPlan(columns.Classes, after.Rows.ClassCodes, segment, right.Partitions());
        (BeforeCounts, AfterCounts) = (new RankState(Before), new RankState(After));
        Classes = [.. before.Rows.ClassCodes.Select((code, k) => (code, k, Array.IndexOf(after.Rows.ClassCodes, code))).Where(c => c.Item3 >= 0)];
        pairs = new RankPair?[Segments * Classes.Length];
        Scales = new (RankScale, RankScale)?[pairs.Length];
        Macro = new MacroScale[Segments];
        Sums = NewSums();
    }

    /// <summary>−1 for all rows.</summary>
    public int Segmentation { get; }

    /// <summary>Codes of segments are below this.</summary>
    public int Segments { get; }

    /// <summary>Codes of classes that both models have, with their places among the probabilities of each.</summary>
    public (int Code, int Before, int After)[] Classes { get; }

    public RankPlan Before { get; }

    public RankPlan After { get; }

    public RankState BeforeCounts { get; }

    public RankState AfterCounts { get; }

    /// <summary>By segment × classes; null where no row of the segment has the class.</summary>
    public (RankScale Before, RankScale After)?[] Scales { get; }

    /// <summary>By segment.</summary>
    public MacroScale[] Macro { get; }

    /// <summary>By segment.</summary>
    public DeLongState[] Sums { get; }

    public DeLongState[] NewSums() => [.. Enumerable.Range(0, Segments).Select(_ => new DeLongState(Classes.Length))];

    /// <summary>Once all scores are counted.</summary>
    public void Settle()
    {
        for (int segment = 0; segment < Segments; segment++)
        {
            (long Positives, long Negatives, double Auc)[] counted = new (long, long, double)[Classes.Length];
            for (int c = 0; c < Classes.Length; c++)
            {
                int left = (segment * Before.ClassCodes.Length) + Classes[c].Before, right = (segment * After.ClassCodes.Length) + Classes[c].After, at = (segment * Classes.Length) + c;
                if (left >= Before.Partitions.Length || right >= After.Partitions.Length || Before.Partitions[left] is not { } one || After.Partitions[right] is not { } other)
                {
                    continue;
                }

                OneVsRest figures = OneVsRest.Of(BeforeCounts.Negatives[left], BeforeCounts.Positives[left], one.Bits);
                OneVsRest then = OneVsRest.Of(AfterCounts.Negatives[right], AfterCounts.Positives[right], other.Bits);
                pairs[at] = new RankPair(Classes[c].Code, figures, then, one.Bits == 64 && other.Bits == 64);
                Scales[at] = (
                    new RankScale(one, BeforeCounts.Negatives[left], BeforeCounts.Positives[left], figures.AveragePrecision.Value ?? 0),
                    new RankScale(other, AfterCounts.Negatives[right], AfterCounts.Positives[right], then.AveragePrecision.Value ?? 0));
                counted[c] = (BeforeCounts.Positives[left]!.Sum(), BeforeCounts.Negatives[left]!.Sum(), (then.RocAuc.Value - figures.RocAuc.Value) ?? 0);
            }

            Macro[segment] = new MacroScale(counted);
        }
    }

    public RankPairStates States(int segment) => new(pairs[(segment * Classes.Length)..((segment + 1) * Classes.Length)], Sums[segment], Macro[segment]);
}
