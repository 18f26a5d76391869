using GpuDiag.Analyses.Results;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Metrics;

/// <summary>The curves of a scan: of a binary task the positive class's, else those of the classes with most rows.</summary>
internal static class Curves
{
    /// <param name="rank">Counted over all rows.</param>
    /// <param name="classes">The order of classes.</param>
    /// <param name="positive">Position of the positive class of a binary task; else null.</param>
    /// <param name="threads">Threads to use.</param>
    public static CurvesResult Of(RankState rank, ClassOrder classes, int? positive, int threads)
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

        var chosen = found.OrderByDescending(c => c.Rows).ThenBy(c => c.Position).Take(ClassCurve.MostClasses).OrderBy(c => c.Position).ToArray();
        IReadOnlyList<CurvePoint>[] points = new IReadOnlyList<CurvePoint>[chosen.Length];
        Parallel.For(0, chosen.Length, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) }, i =>
        {
            (int position, _, int column) = chosen[i];
            points[i] = ClassCurve.Of(classes.Names[position], rank.Plan.Partitions[column]!, rank.Negatives[column]!, rank.Positives[column]!);
        });
        IReadOnlyList<CurvePoint>[] curves = Array.FindAll(points, p => p.Count > 0);
        return new CurvesResult([.. curves.Select(c => c[0].Class)], Math.Max(0, found.Count - ClassCurve.MostClasses), ClassCurve.Steps, [.. curves.SelectMany(c => c)]);
    }
}
