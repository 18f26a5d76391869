using GpuDiag.Analyses.Results;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Metrics;

/// <summary>The curves of a scan: of a binary task the positive class's, else those of the classes with most rows.</summary>
internal static class Curves
{
    /// <param name="rank">Counted over all rows.</param>
    /// <param name="classes">The order of classes.</param>
    /// <param name="positive">Position of the positive class of a binary task; else null.</param>
    public static CurvesResult Of(RankState rank, ClassOrder classes, int? positive)
    {
        List<(int Position, long Rows, int Column)> found = [];
        for (int column = 0; column < rank.Plan.ClassCodes.Length; column++)
        {
            int position = classes[rank.Plan.ClassCodes[column]];
            if (rank.Positives[column] is { } positives && (positive is null || position == positive))
            {
                found.Add((position, positives.Sum(), column));
            }
        }

        List<(string Name, IReadOnlyList<CurvePoint> Points)> curves =
        [
            .. found
                .OrderByDescending(c => c.Rows)
                .ThenBy(c => c.Position)
                .Take(ClassCurve.MostClasses)
                .OrderBy(c => c.Position)
                .Select(c => (classes.Names[c.Position], ClassCurve.Of(
                    classes.Names[c.Position], rank.Plan.Partitions[c.Column]!, rank.Negatives[c.Column]!, rank.Positives[c.Column]!)))
                .Where(c => c.Item2.Count > 0),
        ];
        return new CurvesResult(
            [.. curves.Select(c => c.Name)], Math.Max(0, found.Count - ClassCurve.MostClasses), ClassCurve.Steps, [.. curves.SelectMany(c => c.Points)]);
    }
}
