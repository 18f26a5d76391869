using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Causes;

/// <summary>
/// The segments that surely fail: q at most 0.05, and the whole interval of their accuracy below that of all other rows.
/// Each is rare (at most a twentieth of the rows that the model learnt from; of the data where these are not known),
/// else drifted (a greater share of the data than of the training rows, one-sided p at most 0.01), else weak.
/// </summary>
internal sealed class FailingRegions
{
    private const double SureQ = 0.05, RareShare = 0.05, DriftP = 0.01;

    private readonly Region?[][] byCode;

    /// <param name="ranked">The segments, in rank.</param>
    /// <param name="domains">Of each segmentation.</param>
    /// <param name="rows">Rows with a label and a prediction.</param>
    /// <param name="correct">Those that are right.</param>
    /// <param name="training">Null where it is not known what the model learnt from.</param>
    public FailingRegions(IReadOnlyList<SegmentResult> ranked, IReadOnlyList<Domain> domains, long rows, long correct, Training? training)
    {
        byCode = [.. domains.Select(d => new Region?[d.Count])];
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        for (int s = 0; s < domains.Count; s++)
        {
            places.TryAdd(domains[s].Name, s);
        }

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
                byCode[s][code] = new Region(s, code, $"{segment.Column}={segment.Value}", Kind(segment.Rows, rows, s, code, training));
                Any = true;
            }
        }
    }

    public bool Any { get; }

    /// <summary>The region of a value; null when it does not surely fail.</summary>
    public Region? this[int segmentation, int code] => code < byCode[segmentation].Length ? byCode[segmentation][code] : null;

    private static Cause Kind(long inside, long rows, int segmentation, int code, Training? training)
    {
        double share = Share(segmentation, code, training) ?? ((double)inside / rows);
        if (share <= RareShare)
        {
            return Cause.Rare;
        }

        return training?.OfSegment(segmentation, code) is long learnt && TwoProportion.PValueLower(learnt, training.Rows, inside, rows) <= DriftP
            ? Cause.DriftedSegment
            : Cause.WeakSegment;
    }

    private static double? Share(int segmentation, int code, Training? training) =>
        training?.OfSegment(segmentation, code) is long learnt ? (double)learnt / training.Rows : null;
}
