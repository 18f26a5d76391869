using GpuDiag.Analyses.PipelineChecks;

namespace GpuDiag.Analyses.Results;

/// <summary>
/// Whether the data was written, joined and labelled as it was meant to be: every check with its figures, those that do
/// not apply included. In the order of the catalogue.
/// </summary>
public sealed record PipelineResult(IReadOnlyList<PipelineCheck> Checks)
{
    /// <summary>What the failed checks say of single rows.</summary>
    internal PipelineVerdict Verdict { get; init; } = PipelineVerdict.None;

    /// <summary>Checks that found a fault.</summary>
    public IEnumerable<PipelineCheck> Failed => Checks.Where(c => c.Status == PipelineCheck.Failing);
}

/// <summary>One check of the pipeline that made the data.</summary>
/// <param name="Code">Stable: <c>class_map</c>. A failed check is the finding <c>pipeline.class_map</c>.</param>
/// <param name="Status"><c>passed</c>, <c>failed</c> or <c>not_applicable</c>.</param>
/// <param name="Reason">Why the check does not apply; null where it does.</param>
public sealed record PipelineCheck(string Code, string Status, string? Reason = null)
{
    public const string Passing = "passed", Failing = "failed", Inapplicable = "not_applicable";

    /// <summary>What the statistic is, in words; null where nothing was computed.</summary>
    public string? Statistic { get; init; }

    public double? Value { get; init; }

    /// <summary>After correction for all that the check tried; null for a check of facts.</summary>
    public double? PValue { get; init; }

    /// <summary>The share of sound datasets on which the check fails, at most; 0 for a check of facts.</summary>
    public double FalseAlarmRate { get; init; }

    /// <summary>The accuracy if the fault were mended, where it can be told.</summary>
    public Estimate AccuracyIfFixed { get; init; }

    /// <summary>Rows that the fault concerns; 0 unless failed.</summary>
    public long Rows { get; init; }

    /// <summary>Figures and names, in order, as of a <see cref="Finding"/>.</summary>
    public IReadOnlyDictionary<string, object?> Evidence { get; init; } = new Dictionary<string, object?>();

    /// <summary>Whether the fault explains that the row of this label is predicted so (codes of the class domain); null: of no single row.</summary>
    internal Func<long, int, int, bool>? Explains { get; init; }

    public static PipelineCheck NotApplicable(string code, string reason) => new(code, Inapplicable, reason);
}
