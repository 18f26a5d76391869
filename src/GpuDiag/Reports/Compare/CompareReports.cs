using GpuDiag.Analyses.Compare;
using GpuDiag.Analyses.Results;
using GpuDiag.Reports.Tables;

namespace GpuDiag.Reports.Compare;

/// <summary>One file that a comparison leaves.</summary>
/// <param name="FileName">Without a folder.</param>
/// <param name="Holds">One line for people.</param>
internal sealed record CompareReport(string FileName, string Holds, Action<Stream, CompareOutcome, CancellationToken> Write)
{
    /// <summary>The outcome has something to put into it.</summary>
    public Func<CompareOutcome, bool> Applies { get; init; } = _ => true;
}

/// <summary>Every file that a comparison leaves, in the order of writing.</summary>
internal static class CompareReports
{
    private static Table<RegressedSlice> Slices { get; } = Counts(
        new Table<RegressedSlice>().Text("predicates", s => s.Slice.Text).Value("level", s => s.Slice.Level).Value("rows", s => s.Table.Rows), s => s.Table)
        .Value("score", s => s.Slice.Score)
        .Estimate("accuracy_delta", s => s.Delta)
        .Value("p_value", s => s.PValue)
        .Value("q_value", s => s.QValue)
        .Text("verdict", s => CompareJson.Name(s.Verdict))
        .Text("folded", s => string.Join("; ", s.Slice.Folded));

    private static Table<FlipRow> Flips { get; } = new Table<FlipRow>()
        .Text("kind", f => CompareJson.Name(f.Kind))
        .Value("row", f => f.Row)
        .Text("id", f => f.Id)
        .Text("label", f => f.Label)
        .Text("before", f => f.Before)
        .Text("after", f => f.After)
        .Optional("confidence_before", f => f.ConfidenceBefore)
        .Optional("confidence_after", f => f.ConfidenceAfter)
        .Bytes("image", f => f.Image)
        .Text("image_type", f => f.ImageType);

    private static Table<(string Kind, CaseGroup Group)> Cases { get; } = Counts(
        new Table<(string Kind, CaseGroup Group)>().Text("kind", g => g.Kind).Text("group", g => g.Group.Name), g => g.Group.Table)
        .Estimate("fixed", g => g.Group.Fixed);

    public static IReadOnlyList<CompareReport> All { get; } =
    [
        new("classes.parquet", "every class: broken, fixed, change of precision, recall and F1", (s, o, c) => Classes(o.Result.Classes).Write(s, o.Result.Classes, c)),
        new("segments.parquet", "every segment with the change of every metric", (s, o, c) => Segments(o.Result.Segments).Write(s, o.Result.Segments, c)),
        new("clusters.parquet", "every cluster of the embedding with the change of every metric", (s, o, c) => Clusters(o.Result.Clusters!).Write(s, o.Result.Clusters!, c)) { Applies = o => o.Result.Clusters is not null },
        new("slices.parquet", "the combinations of values that AFTER breaks most", (s, o, c) => Slices.Write(s, o.Result.Slices, c)) { Applies = o => o.Result.SliceSearch is not null },
        new("flips.parquet", "rows broken, fixed and still wrong", (s, o, c) => Flips.Write(s, o.Flips, c)),
        new("cases.parquet", "what became of the cases, by cause and cluster", (s, o, c) => Cases.Write(s, CaseGroups(o.Result.Cases!), c)) { Applies = o => o.Result.Cases is not null },
        new("run.json", "version, command, roles, device, timings", (s, o, _) => RunJson.Write(s, o.Run)),
        new("summary.json", "everything, for machines", (s, o, _) => CompareJson.Write(s, o.Result, o.Run)),
    ];

    private static IEnumerable<(string Kind, CaseGroup Group)> CaseGroups(CasesResult cases) =>
        cases.Causes.Select(g => ("cause", g)).Concat(cases.Clusters.Select(g => ("cluster", g)));

    private static Table<ClassPair> Classes(IReadOnlyList<ClassPair> classes) => Deltas(
        Counts(new Table<ClassPair>().Text("class", c => c.Class).Value("support", c => c.Table.Rows), c => c.Table),
        [.. classes.SelectMany(c => c.Metrics).Select(m => m.Name).Distinct()],
        c => c.Metrics)
        .Optional("p_value", c => c.PValue)
        .Optional("q_value", c => c.QValue)
        .Text("verdict", c => CompareJson.Name(c.Verdict));

    private static Table<PairedGroup> Segments(IReadOnlyList<PairedGroup> segments) => Group(
        new Table<PairedGroup>().Text("column", s => s.Column).Text("value", s => s.IsNull ? null : s.Value), segments, s => s);

    private static Table<ClusterPair> Clusters(IReadOnlyList<ClusterPair> clusters) => Group(new Table<ClusterPair>().Value("cluster", c => c.Cluster), clusters, c => c.Group)
        .Text("broken_label", c => c.Broken?.Label)
        .Text("broken_pred", c => c.Broken?.Pred)
        .Optional("broken_count", c => c.Broken?.Count)
        .Optional("medoid", c => c.Medoid)
        .Text("over_represented", c => ResultTables.Values(c.OverRepresented));

    /// <summary>All that is said of a set of rows, after what names it.</summary>
    private static Table<T> Group<T>(Table<T> table, IReadOnlyList<T> lines, Func<T, PairedGroup> of) => Deltas(
        Counts(table.Value("rows", l => of(l).Table.Rows), l => of(l).Table)
            .Estimate("negative_flip_rate", l => of(l).NegativeFlipRate)
            .Estimate("positive_flip_rate", l => of(l).PositiveFlipRate)
            .Estimate("backward_trust", l => of(l).BackwardTrust)
            .Estimate("error_compatibility", l => of(l).ErrorCompatibility),
        lines.Count == 0 ? ["accuracy"] : [.. lines.SelectMany(l => of(l).Metrics).Select(m => m.Name).Distinct()],
        l => of(l).Metrics)
        .Optional("p_value", l => of(l).PValue)
        .Optional("q_value", l => of(l).QValue)
        .Text("verdict", l => CompareJson.Name(of(l).Verdict));

    private static Table<T> Counts<T>(Table<T> table, Func<T, PairTable> of) => table
        .Value("both_right", r => of(r).BothRight)
        .Value("only_before", r => of(r).OnlyBefore)
        .Value("only_after", r => of(r).OnlyAfter)
        .Value("both_wrong", r => of(r).BothWrong);

    /// <summary>Per metric: <c>_before</c>, <c>_after</c>, and <c>_delta</c> with its interval.</summary>
    private static Table<T> Deltas<T>(Table<T> table, IReadOnlyList<string> names, Func<T, IReadOnlyList<MetricDelta>> of)
    {
        foreach (string name in names)
        {
            table = table
                .Optional($"{name}_before", r => Of(r).Before.Value)
                .Optional($"{name}_after", r => Of(r).After.Value)
                .Estimate($"{name}_delta", r => Of(r).Delta);

            MetricDelta Of(T row) => of(row).FirstOrDefault(m => m.Name == name);
        }
        return table;
    }
}
