using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Drift;

/// <summary>Which kinds of shift there are, and with labels on both sides what each did to the accuracy.</summary>
public sealed record DriftKindShares
{
    /// <summary>Of <c>covariate</c>, <c>prior</c>, <c>concept</c>: those that the evidence shows.</summary>
    public required IReadOnlyList<string> Present { get; init; }

    /// <summary>What each did to the accuracy; they sum to the change. Null without labels on both sides.</summary>
    public KindPoints? Points { get; init; }

    /// <summary>Features that drifted, of those compared.</summary>
    public required int DriftedFeatures { get; init; }

    public required int Features { get; init; }

    /// <summary>The column that tells of the prior: the label, without labels the prediction; null without either.</summary>
    public ColumnDrift? Prior { get; init; }

    /// <summary>Does accuracy differ within cells of class and segment? p of the sum of squared z-values; null without labels on both sides.</summary>
    public double? ConceptPValue { get; init; }

    /// <summary>Cells behind it.</summary>
    public int ConceptCells { get; init; }

    /// <summary>The segmentation of the cells; null: classes alone.</summary>
    public string? Segmentation { get; init; }
}

/// <summary>Parts of a change of accuracy, multiples of 2⁻⁴⁸.</summary>
public sealed record KindPoints(double Covariate, double Prior, double Concept)
{
    /// <summary>Each part's share of all change, up and down; null where nothing changed.</summary>
    public (double? Covariate, double? Prior, double? Concept) Shares()
    {
        double all = Math.Abs(Covariate) + Math.Abs(Prior) + Math.Abs(Concept);
        return all > 0 ? (Math.Abs(Covariate) / all, Math.Abs(Prior) / all, Math.Abs(Concept) / all) : (null, null, null);
    }
}

/// <summary>Tells the kinds of shift apart.</summary>
internal static class KindFinish
{
    /// <summary>Change of accuracy within cells from which a significant one is a concept shift.</summary>
    public const double LeastConcept = 0.01;

    private const double LeastExpected = 5;

    public static DriftKindShares Of(IReadOnlyList<ColumnDrift> columns, SegmentTally? reference, SegmentTally? current, double alpha)
    {
        ColumnDrift[] features = [.. columns.Where(c => DriftKinds.IsFeature(c.Kind))];
        ColumnDrift? prior = columns.FirstOrDefault(c => c.Kind == DriftKind.Label && c.Method is not null) ?? columns.FirstOrDefault(c => c.Kind == DriftKind.Prediction && c.Method is not null);
        KindPoints? points = null;
        double? p = null;
        int cells = 0;
        if (reference is not null && current is not null)
        {
            points = Points(reference.Cells, current.Cells);
            (p, cells) = Concept(reference.Cells, current.Cells);
        }

        List<string> present = [];
        if (features.Any(c => c.Drifted))
        {
            present.Add("covariate");
        }

        if (prior is { Drifted: true })
        {
            present.Add("prior");
        }

        if (p <= alpha && Math.Abs(points!.Concept) >= LeastConcept)
        {
            present.Add("concept");
        }

        return new DriftKindShares
        {
            Present = present,
            Points = points,
            DriftedFeatures = features.Count(c => c.Drifted),
            Features = features.Length,
            Prior = prior,
            ConceptPValue = p,
            ConceptCells = cells,
            Segmentation = reference?.Name,
        };
    }

    /// <summary>
    /// Kitagawa over cells of class l and segment s, the mix parted: w′(l)w′(s|l) − w(l)w(s|l) is what classes changed, (w′(l) − w(l))·mean
    /// w(s|l), and what segments changed within classes, mean w(l)·(w′(s|l) − w(s|l)).
    /// </summary>
    private static KindPoints Points(IReadOnlyDictionary<SegmentCell, RightRows> reference, IReadOnlyDictionary<SegmentCell, RightRows> current)
    {
        RightRows before = Sum(reference.Values), after = Sum(current.Values);
        Dictionary<string, long> labels = Labels(reference), labelsNow = Labels(current);
        double prior = 0, covariate = 0;
        foreach (SegmentCell key in reference.Keys.Union(current.Keys).Order())
        {
            RightRows a = reference.GetValueOrDefault(key), b = current.GetValueOrDefault(key);
            long label = labels.GetValueOrDefault(key.Label!), labelNow = labelsNow.GetValueOrDefault(key.Label!);
            double w = (double)label / before.Rows, wNow = (double)labelNow / after.Rows;
            double given = label > 0 ? (double)a.Rows / label : (double)b.Rows / labelNow, givenNow = labelNow > 0 ? (double)b.Rows / labelNow : given;
            double mean = 0.5 * ((a.Rows > 0 ? a : b).Accuracy + (b.Rows > 0 ? b : a).Accuracy);
            prior += (wNow - w) * 0.5 * (given + givenNow) * mean;
            covariate += 0.5 * (w + wNow) * (givenNow - given) * mean;
        }

        (prior, covariate) = (Kitagawa.Round(prior), Kitagawa.Round(covariate));
        return new KindPoints(covariate, prior, Kitagawa.Round(after.Accuracy - before.Accuracy) - prior - covariate);

        static Dictionary<string, long> Labels(IReadOnlyDictionary<SegmentCell, RightRows> cells) =>
            cells.GroupBy(c => c.Key.Label!).ToDictionary(g => g.Key, g => g.Sum(c => c.Value.Rows));
    }

    /// <summary>Cells with at least 5 right and 5 wrong rows expected on each side: z² of two proportions, summed, is χ² with as many degrees.</summary>
    private static (double? PValue, int Cells) Concept(IReadOnlyDictionary<SegmentCell, RightRows> reference, IReadOnlyDictionary<SegmentCell, RightRows> current)
    {
        double sum = 0;
        int cells = 0;
        foreach ((SegmentCell key, RightRows a) in reference)
        {
            RightRows b = current.GetValueOrDefault(key);
            RightRows both = a + b;
            double pooled = both.Accuracy, least = Math.Min(a.Rows, b.Rows) * Math.Min(pooled, 1 - pooled);
            if (least < LeastExpected)
            {
                continue;
            }

            double z = (b.Accuracy - a.Accuracy) / Math.Sqrt(pooled * (1 - pooled) * ((1.0 / a.Rows) + (1.0 / b.Rows)));
            sum += z * z;
            cells++;
        }

        return (cells == 0 ? null : ChiSquared.Sf(sum, cells), cells);
    }

    private static RightRows Sum(IEnumerable<RightRows> rows) => rows.Aggregate(default(RightRows), RightRows.Add);
}
