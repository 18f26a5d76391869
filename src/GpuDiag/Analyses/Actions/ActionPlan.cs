using GpuDiag.Analyses.Causes;
using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Actions;

/// <summary>
/// From findings and causes to what should be done, greatest gain first: by the gain's value, else by its upper end behind
/// those with a value; then most severe first. Gains overlap, since one row may be concerned by several actions.
/// </summary>
internal static class ActionPlan
{
    private const double LeastShare = 0.1;

    /// <param name="result">With findings and causes.</param>
    /// <param name="rows">Rows with a label and a prediction.</param>
    public static IReadOnlyList<ActionResult> Of(ScanResult result, long rows)
    {
        // Where neighbours are asked too, the cause says better than its findings which labels to check.
        bool asked = result.Neighbors is not null && result.Causes is not null;
        IEnumerable<ActionResult> found = result.Findings.Where(f => !asked || !f.Code.StartsWith("labels.", StringComparison.Ordinal)).SelectMany(f => ActionKind.All.Where(k => k.Answers(f.Code)).Take(1).Select(k => Of(k, f)));
        IEnumerable<ActionResult> caused = result.Causes is { } causes ? [.. asked ? Mislabelled(causes, rows) : [], .. Divided(causes, rows)] : [];
        return [.. found.Concat(caused)
            .OrderBy(a => a.Gain.Value is null)
            .ThenByDescending(a => a.Gain.Value ?? 0)
            .ThenByDescending(a => a.Gain.High ?? 0)];
    }

    private static ActionResult Of(ActionKind kind, Finding finding)
    {
        bool recalibrates = kind.Action == "recalibrate";
        return new ActionResult(
            kind.Action,
            finding.Code,
            finding.Title,
            finding.Rows,
            recalibrates ? new Estimate(0, 0, 0) : finding.Gain,
            recalibrates || finding.Gain.High is not null ? kind.GainMethod : null,
            kind.Select(finding),
            kind.Command(finding),
            finding.Action);
    }

    /// <summary>Any error whose label neighbours doubt too.</summary>
    private static IEnumerable<ActionResult> Mislabelled(CauseResult causes, long rows)
    {
        CauseCount wrong = causes.Causes[(int)Cause.LabelError];
        if (wrong.Errors == 0)
        {
            yield break;
        }

        Estimate share = Intervals.Proportion(wrong.Errors, rows);
        yield return new ActionResult(
            "relabel",
            wrong.Cause,
            $"{Evidence.Rows(wrong.Errors)} with an error whose label neither the model nor the neighbours confirm: {Evidence.Percent(wrong.Share.Value!.Value)} of all errors",
            wrong.Errors,
            new Estimate(share.Value, 0, share.High),
            "the value takes all of these labels for wrong, the lower end none; the upper end is Wilson's",
            $"cause = '{wrong.Cause}'",
            $"gpudiag explain DATA --row '#{wrong.Rows[0].ToString(System.Globalization.CultureInfo.InvariantCulture)}'",
            "Have these labels checked first, worst label_quality first; correct those that are wrong, and scan again.");
    }

    /// <summary>At least a tenth of the errors are where neighbours, or the model, are divided.</summary>
    private static IEnumerable<ActionResult> Divided(CauseResult causes, long rows)
    {
        CauseCount divided = causes.Causes[(int)Cause.Ambiguous];
        if (divided.Errors == 0 || divided.Errors < LeastShare * causes.Errors)
        {
            yield break;
        }

        yield return new ActionResult(
            "clarify_labels",
            divided.Cause,
            $"{Evidence.Rows(divided.Errors)} with an error where labels of like rows are mixed: {Evidence.Percent(divided.Share.Value!.Value)} of all errors",
            divided.Errors,
            new Estimate(null, 0, (double)divided.Errors / rows),
            "from none to all of these errors go away",
            $"cause = '{divided.Cause}'",
            null,
            "Have these rows labelled by several people. Where they differ, write down the rule that tells the classes apart; where they agree, add features or training rows that show the difference.");
    }
}
