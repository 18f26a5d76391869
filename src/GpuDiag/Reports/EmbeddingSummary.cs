using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>The lines of the console summary that need an embedding: a name, a figure, what it means.</summary>
internal static class EmbeddingSummary
{
    private const double SureOrder = 0.01;

    public static string Title(NeighborResult neighbors) =>
        $"Neighbours: the {Plain.Count(neighbors.K)} nearest of each row by {(neighbors.Metric == "l2" ? "Euclidean distance" : neighbors.Metric)}, {Plain.Count(neighbors.Width)} dimensions";

    /// <summary>Name, figure and meaning; the figure is what a reader shall look at when it is an alarm.</summary>
    public static IEnumerable<(string Name, string Figure, string Meaning, bool Alarm)> Lines(ScanResult result)
    {
        if (result.Neighbors is not { } neighbors || result.Duplicates is not { } duplicates || result.Outliers is not { } outliers)
            yield break;
        yield return ("label agreement", Plain.Figure(neighbors.LabelAgreement), $"of neighbours have the row's label; {Plain.Figure(neighbors.PredictionAgreement)} its prediction", false);
        yield return ("contradicted labels", Plain.Count(neighbors.Contradicted), "errors whose prediction the neighbours confirm", false);
        yield return ("outliers", Plain.Count(outliers.Count), outliers.Count == 0 ? "" : $"accuracy {Plain.Figure(outliers.Accuracy.Value)}, elsewhere {Plain.Figure(outliers.AccuracyElsewhere.Value)}", false);
        yield return ("duplicates", Plain.Count(duplicates.Rows), duplicates.Rows == 0 ? "" : $"rows in {Plain.Count(duplicates.Sets)} sets, {Plain.Count(duplicates.ConflictingSets)} with different labels", false);
        if (result.Train is not null || duplicates.LeakedRows > 0)
            yield return ("leaked rows", Plain.Count(duplicates.LeakedRows), duplicates.LeakedRows == 0 ? "" : $"accuracy without them {Plain.Figure(duplicates.AccuracyWithoutLeaks.Value)}  {Plain.Interval(duplicates.AccuracyWithoutLeaks)}".TrimEnd(), duplicates.LeakedRows > 0);
        if (neighbors.Order is { } order && order.PValue <= SureOrder)
            yield return ("row order", Plain.Probability(order.PValue), $"p: neighbours stand {Plain.Count((long)order.MeanRowDistance)} rows apart, {Plain.Count((long)order.Expected)} expected", false);
    }
}
