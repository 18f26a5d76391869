using GpuDiag.Analyses.Results;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Metrics;

/// <summary>The metrics of the confusion matrix over the rows that are not leaked.</summary>
internal static class LeakMetrics
{
    /// <param name="matrix">Of all rows.</param>
    /// <param name="leaked">Leaked rows by label and prediction codes.</param>
    /// <param name="classes">Turns codes into positions.</param>
    /// <param name="positive">Position of the positive class; null unless binary.</param>
    /// <param name="bootstrap">Null for intervals by the delta method.</param>
    /// <returns>By name, in the order of all metrics.</returns>
    public static IReadOnlyDictionary<string, Estimate> Without(
        ConfusionMatrix matrix, IReadOnlyList<Cell> leaked, ClassOrder classes, int? positive, ConfusionBootstrap? bootstrap)
    {
        Dictionary<(int, int), long> gone = leaked.ToDictionary(c => (classes[c.Label], classes[c.Prediction]), c => c.Count);
        ClassCell[] left = [.. matrix.Cells
            .Select(c => (Label: matrix.Classes[c.Label], Prediction: matrix.Classes[c.Prediction], c.Count))
            .Select(c => new ClassCell(c.Label, c.Prediction, c.Count - gone.GetValueOrDefault((c.Label, c.Prediction))))
            .Where(c => c.Count > 0)];
        MetricSet metrics = new(new MetricNames(positive is not null, false, null, false));
        RowMetrics.AddConfusion(metrics, new ConfusionMatrix(left), positive, bootstrap);
        return metrics;
    }
}
