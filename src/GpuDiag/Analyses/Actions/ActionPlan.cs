using GpuDiag.Analyses.Causes;
using GpuDiag.Analyses.Findings;
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
        IEnumerable<ActionResult> found = result.Findings.SelectMany(f => ActionKind.All.Where(k => k.Answers(f.Code)).Take(1).Select(k => Of(k, f)));
        IEnumerable<ActionResult> caused = result.Causes is { } causes ? Divided(causes, rows) : [];
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
