using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Causes;

/// <summary>
/// The segments and slices that surely fail: q at most 0.05, and the whole interval of their accuracy below that of all other rows.
/// Each is rare (at most a twentieth of the rows that the model learnt from; of the data where these are not known),
/// else drifted (a greater share of the data than of the training rows, one-sided p at most 0.01), else weak. Where the training rows are
/// a split of the data, the share of the data is that of all other rows.
/// </summary>
internal sealed class FailingRegions
{
    private const double SureQ = 0.05, RareShare = 0.05, DriftP = 0.01;

    private readonly Region?[][] byCode;
    private readonly List<(int Place, Region Region)> slices = [];

    /// <param name="ranked">The segments, in rank.</param>
    /// <param name="found">The slices; empty where none were searched.</param>
    /// <param name="domains">Of each segmentation.</param>
    /// <param name="rows">Rows with a label and a prediction.</param>
    /// <param name="correct">Those that are right.</param>
    /// <param name="training">Null where it is not known what the model learnt from.</param>
    public FailingRegions(
        IReadOnlyList<SegmentResult> ranked, IReadOnlyList<SliceResult> found, IReadOnlyList<Domain> domains, long rows, long correct, Training? training)
    {
        byCode = [.. domains.Select(d => new Region?[d.Count])];
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        for (int s = 0; s < domains.Count; s++)
        {
            places.TryAdd(domains[s].Name, s);
        }

        List<SegmentResult> failing = [];
        foreach (SegmentResult segment in ranked)
        {
            if (segment.QValue is not <= SureQ)
            {
                break;
            }

            double elsewhere = (double)(correct - segment.Rows + segment.Errors) / (rows - segment.Rows);
            if (segment.Metrics["accuracy"].High < elsewhere && places.TryGetValue(segment.Column, out int s))
            {
                int code = segment.IsNull ? Domain.Null : domains[s].Find(segment.Value);
                byCode[s][code] = new Region($"{segment.Column}={segment.Value}", Kind(segment.Rows, rows, training, t => t.OfSegment(s, code)));
                failing.Add(segment);
                Any = true;
            }
        }

        for (int i = 0; i < found.Count; i++)
        {
            if (SliceFindings.IsSure(found[i]) && !failing.Exists(s => SliceFindings.IsSegment(found[i], s)))
            {
                slices.Add((i, new Region(found[i].Text, Kind(found[i].Rows, rows, training, t => t.OfSlice(found[i].Text)))));
                Any = true;
            }
        }
    }

    public bool Any { get; }

    /// <summary>The region of a value; null when it does not surely fail.</summary>
    public Region? this[int segmentation, int code] => code < byCode[segmentation].Length ? byCode[segmentation][code] : null;

    /// <summary>The slices that surely fail, by their places in the result.</summary>
    public IReadOnlyList<(int Place, Region Region)> Slices => slices;

    /// <summary>Any segment or slice may be one that surely fails: else it is of no use to know what the model learnt from.</summary>
    public static bool AnyLikely(IReadOnlyList<SegmentResult> ranked, IReadOnlyList<SliceResult> found) => ranked.Any(s => s.QValue is <= SureQ) || found.Any(SliceFindings.IsSure);

    private static Cause Kind(long inside, long rows, Training? training, Func<Training, long?> of)
    {
        if (training is null || of(training) is not long learnt)
        {
            return (double)inside / rows <= RareShare ? Cause.Rare : Cause.WeakSegment;
        }

        if ((double)learnt / training.Rows <= RareShare)
        {
            return Cause.Rare;
        }

        long others = rows - (training.Judged?.Rows ?? 0), within = inside - (training.Judged is { } judged ? of(judged) ?? 0 : 0);
        return others > 0 && TwoProportion.PValueLower(learnt, training.Rows, within, others) <= DriftP ? Cause.DriftedSegment : Cause.WeakSegment;
    }
}
