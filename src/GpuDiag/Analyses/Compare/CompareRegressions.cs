using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Compare;

/// <summary>All groups on which AFTER is surely worse, most surely first.</summary>
internal static class CompareRegressions
{
    public static IReadOnlyList<Regression> Of(CompareResult result) =>
    [
        .. result.Classes.Where(c => c.Verdict == CompareVerdict.Worse)
            .Select(c => new Regression("class", c.Class, c.Table, c.Recall.Delta, c.PValue!.Value, c.QValue!.Value))
            .Concat(result.Segments.Where(s => s.Verdict == CompareVerdict.Worse)
                .Select(s => new Regression("segment", $"{s.Column}={s.Value}", s.Table, s.Accuracy.Delta, s.PValue!.Value, s.QValue!.Value)))
            .Concat((result.Clusters ?? []).Where(c => c.Group.Verdict == CompareVerdict.Worse)
                .Select(c => new Regression("cluster", $"{c.Cluster}", c.Group.Table, c.Group.Accuracy.Delta, c.Group.PValue!.Value, c.Group.QValue!.Value)))
            .Concat(result.Slices.Where(s => s.Verdict == CompareVerdict.Worse && s.Slice.Level > 1)
                .Select(s => new Regression("slice", s.Slice.Text, s.Table, s.Delta, s.PValue, s.QValue)))
            .OrderBy(r => r.QValue)
            .ThenBy(r => r.PValue)
            .ThenByDescending(r => r.Table.OnlyBefore - r.Table.OnlyAfter)
            .ThenBy(r => r.Kind, StringComparer.Ordinal)
            .ThenBy(r => r.Group, StringComparer.Ordinal),
    ];
}
