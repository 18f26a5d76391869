using System.Globalization;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Actions;

/// <summary>What to do about one kind of finding.</summary>
/// <param name="Code">The finding's code; a family's ends with a dot.</param>
/// <param name="Action">Its name.</param>
/// <param name="GainMethod">How that finding computes its gain.</param>
internal sealed record ActionKind(string Code, string Action, string? GainMethod = null)
{
    private const string AsRest = "accuracy of all rows if these did as well as the others; the interval is that of the difference";

    /// <summary>A condition on rows.parquet.</summary>
    public Func<Finding, string?> Select { get; private init; } = _ => null;

    public Func<Finding, string?> Command { get; private init; } = _ => null;

    public static IReadOnlyList<ActionKind> All { get; } =
    [
        new("pipeline.", "fix_pipeline", "the accuracy with the fault mended, less the accuracy as it is")
        {
            Select = f => f.Rows > 0 ? "cause = 'pipeline'" : null,
        },
        new("duplicates.leak", "remove_leaks")
        {
            Select = _ => "leak",
            Command = _ => "gpudiag scan DATA --gate \"duplicates.leaked_rows==0\"",
        },
        new("duplicates.conflicting_labels", "resolve_duplicates") { Select = _ => "cause = 'duplicate_conflict'" },
        new("duplicates.many", "deduplicate") { Select = _ => "duplicate_set is not null" },
        new("labels.issues", "relabel", "right answers that relabelling as suggested wins, over all rows; Wilson interval")
        {
            Select = _ => "label_issue",
            Command = f => Explain(f, "worst_row"),
        },
        new("labels.contradicted", "relabel", "from none to all of these errors are wrong labels; the value takes all")
        {
            Select = _ => "label_agreement <= 0.2 and pred_agreement >= 0.8 and not correct",
            Command = f => Explain(f, "first_row"),
        },
        new("segment.underperforms", "collect", AsRest)
        {
            Select = f => $"failing_segments like {Literal($"%{Text(f, "column")}={Text(f, "value")}%")}",
            Command = f => f.Evidence["value"] is string value
                ? $"gpudiag scan NEXT --segment {Quoted(Text(f, "column"))} --gate {Quoted($"segments[{Text(f, "column")}={value}].accuracy>={Number(f, "accuracy_elsewhere")}")}"
                : null,
        },
        new("slice.underperforms", "collect", AsRest)
        {
            Select = f => $"failing_segments like {Literal($"%{Text(f, "predicates")}%")}",
            Command = f => $"gpudiag scan NEXT --segment {Quoted(Text(f, "columns"))} --gate {Quoted($"segments[{Text(f, "columns")}={Text(f, "values")}].errors<{Text(f, "errors")}")}",
        },
        new("cluster.underperforms", "collect", AsRest)
        {
            Select = f => $"cluster = {Text(f, "cluster")} and not correct",
            Command = f => Explain(f, "first_error"),
        },
        new("class.low_recall", "collect", AsRest)
        {
            Select = f => $"label = {Literal(Text(f, "class"))} and not correct",
            Command = f => $"gpudiag scan NEXT --gate {Quoted($"classes[{Text(f, "class")}].recall>={Number(f, "accuracy")}")}",
        },
        new("class.never_predicted", "fix_pipeline", AsRest) { Select = f => $"label = {Literal(Text(f, "class"))}" },
        new("confusion.dominant", "separate_classes", "the errors of the pair beyond its expected share; Wilson interval")
        {
            Select = f => $"label = {Literal(Text(f, "label"))} and pred = {Literal(Text(f, "pred"))}",
        },
        new("outliers.underperform", "review_outliers", AsRest) { Select = _ => "outlier" },
        new("metrics.worse_than_majority", "fix_pipeline", "the share of the commonest class, less the accuracy"),
        new("fit.", "change_training"),
        new("calibration.", "recalibrate", "accuracy stays as it is: confidences change, predictions do not"),
    ];

    public bool Answers(string code) => Code.EndsWith('.') ? code.StartsWith(Code, StringComparison.Ordinal) : code == Code;

    private static string? Explain(Finding finding, string evidence) =>
        finding.Evidence.GetValueOrDefault(evidence) is long row ? string.Create(CultureInfo.InvariantCulture, $"gpudiag explain DATA --row '#{row}'") : null;

    private static string Text(Finding finding, string evidence) =>
        Convert.ToString(finding.Evidence[evidence], CultureInfo.InvariantCulture) ?? "null";

    private static string Number(Finding finding, string evidence) =>
        ((double)finding.Evidence[evidence]!).ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>For a POSIX shell.</summary>
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>For SQL.</summary>
    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
