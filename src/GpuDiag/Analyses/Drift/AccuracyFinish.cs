using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Drift;

/// <summary>Accuracy on both sides.</summary>
public sealed record DriftAccuracy
{
    /// <summary>With Wilson's interval; null without labels and predictions.</summary>
    public Estimate? Reference { get; init; }

    public Estimate? Current { get; init; }

    /// <summary>Now less reference, with a 95 % interval of two independent proportions; null unless both are known.</summary>
    public Estimate? Change { get; init; }

    /// <summary>Of the current data by its confidences; null without confidences there, or labels and confidences in the reference.</summary>
    public AccuracyEstimate? Estimated { get; init; }

    /// <summary>One per segmentation, by class last; the one to show first. Empty unless both accuracies are known.</summary>
    public required IReadOnlyList<Decomposition> Decompositions { get; init; }
}

/// <summary>What both states say of the accuracy.</summary>
internal static class AccuracyFinish
{
    public static DriftAccuracy? Of(DriftState reference, DriftState current, IReadOnlyList<ColumnDrift> columns)
    {
        if (reference.Segments.Count == 0 && current.Segments.Count == 0)
        {
            return null;
        }

        (IReadOnlyList<SegmentTally> before, IReadOnlyList<SegmentTally> after) = Common(reference, current);
        Estimate? was = Accuracy(reference), now = Accuracy(current);
        List<Decomposition> decompositions = was is not null && now is not null ? Decompose(reference, before, after) : [];
        return new DriftAccuracy
        {
            Reference = was,
            Current = now,
            Change = was is not null && now is not null ? Change(reference.Segments[0].All, current.Segments[0].All) : null,
            Estimated = AccuracyEstimation.Of(before, after, columns.FirstOrDefault(c => c.Kind == DriftKind.Confidence)),
            Decompositions = decompositions,
        };
    }

    /// <summary>The segmentations that both sides have, none with too many values.</summary>
    public static (IReadOnlyList<SegmentTally> Reference, IReadOnlyList<SegmentTally> Current) Common(DriftState reference, DriftState current)
    {
        (SegmentTally Before, SegmentTally? After)[] pairs = [.. reference.Segments
            .Zip(reference.Segmentations, (tally, segment) => (tally, current.Segments.Zip(current.Segmentations).FirstOrDefault(b => b.Second.IsLike(segment)).First))
            .Where(p => p is { tally.TooMany: false, Item2.TooMany: false })];
        return ([.. pairs.Select(p => p.Before)], [.. pairs.Select(p => p.After!)]);
    }

    private static Estimate? Accuracy(DriftState state)
    {
        RightRows all = state.Segments.Count > 0 ? state.Segments[0].All : default;
        if (all.Rows == 0)
        {
            return null;
        }

        (double low, double high) = Wilson.Interval(all.Correct, all.Rows);
        return new Estimate(all.Accuracy, low, high);
    }

    private static Estimate Change(RightRows before, RightRows after)
    {
        double change = Kitagawa.Round(after.Accuracy - before.Accuracy);
        double reach = Wilson.Z95 * Math.Sqrt((before.Accuracy * (1 - before.Accuracy) / before.Rows) + (after.Accuracy * (1 - after.Accuracy) / after.Rows));
        return new Estimate(change, change - reach, change + reach);
    }

    private static List<Decomposition> Decompose(DriftState reference, IReadOnlyList<SegmentTally> before, IReadOnlyList<SegmentTally> after)
    {
        List<Decomposition> all = [];
        for (int i = 1; i < before.Count; i++)
        {
            all.Add(Kitagawa.Of(before[i].Name!, By(before[i], c => c.Value), By(after[i], c => c.Value)));
        }

        HashSet<string?> asked = [.. reference.Segmentations.Where(s => s.Asked).Select(s => s.Name)];
        all = [.. all.OrderByDescending(d => asked.Contains(d.Segmentation) ? 1 : 0).ThenByDescending(d => asked.Contains(d.Segmentation) ? 0 : Told(d))];
        string label = reference.Columns.First(c => c.Kind == DriftKind.Label).Name;
        all.Add(Kitagawa.Of(label, By(before[0], c => c.Label), By(after[0], c => c.Label)));
        return all;
    }

    private static Dictionary<string, RightRows> By(SegmentTally tally, Func<SegmentCell, string?> key) =>
        tally.Cells.GroupBy(c => key(c.Key) ?? SegmentTally.NullKey).ToDictionary(g => g.Key, g => g.Aggregate(default(RightRows), (sum, c) => sum + c.Value));

    /// <summary>
    /// How much a decomposition tells: how far the cells' changes are from being in proportion to their rows, less what chance alone gives.
    /// </summary>
    private static double Told(Decomposition decomposition)
    {
        double n = decomposition.Cells.Sum(c => (double)c.ReferenceRows), m = decomposition.Cells.Sum(c => (double)c.CurrentRows), told = 0;
        foreach (DecompositionCell cell in decomposition.Cells.OrderBy(c => c.Value, StringComparer.Ordinal))
        {
            double share = 0.5 * ((cell.ReferenceRows / n) + (cell.CurrentRows / m));
            told += Math.Abs(cell.Centred + cell.Within - (share * decomposition.Total));
            if (cell is { ReferenceAccuracy: double a, CurrentAccuracy: double b })
            {
                double mean = 0.5 * (a + b);
                told -= 0.8 * share * Math.Sqrt(mean * (1 - mean) * ((1.0 / cell.ReferenceRows) + (1.0 / cell.CurrentRows)));
            }
        }

        return told;
    }
}
