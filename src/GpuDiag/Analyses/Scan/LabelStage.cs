using GpuDiag.Analyses.Labels;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Labels;

namespace GpuDiag.Analyses.Scan;

/// <summary>What confident learning says of the rows.</summary>
/// <param name="Issues">The rows whose label is likely wrong.</param>
/// <param name="Result">Without what needs the accuracy.</param>
/// <param name="Note">Adds to a row of the rows table whether its label is an issue, and the class suggested.</param>
internal sealed record LabelStage(LabelIssues Issues, LabelIssueResult Result, Func<RowResult, RowResult> Note)
{
    /// <summary>From the joint, by one more pass over the rows; by none where the joint leaves nothing to flag.</summary>
    /// <param name="scores">Tell whether all rows have valid probabilities.</param>
    public static LabelStage Run(ScanPlan plan, Pipeline pipeline, ScoreState scores, ConfidentJointState confident, ScanOptions options, long rows, int threads, StageClock clock)
    {
        JointEstimate joint = new(confident);
        PrunePlan prune = new(joint);
        bool none = options.LabelFilter switch
        {
            LabelFilter.PredictedNeqGiven => joint.Rows == 0,
            LabelFilter.PruneByNoiseRate or LabelFilter.PruneByClass or LabelFilter.Both => prune.IsEmpty,
            _ => joint.Disputed == 0,
        };
        IssueFilter filter = New();
        if (!none)
        {
            Select(plan, pipeline, scores.Overall[0] is { NaN: 0, OutOfRange: 0 }, filter, New, rows, clock);
        }

        LabelIssues issues = new(rows, filter.Finish());
        Domain classes = plan.Columns.Classes;
        NoiseRates rates = clock.Time("label noise", () => NoiseRates.Of(joint, options.Seed, threads));
        return new LabelStage(
            issues,
            LabelReport.Of(issues, joint, rates, classes, plan.ClassCodes, options.LabelFilter, options.LabelScore),
            row => row.LabelQuality is null ? row : row with
            {
                LabelIssue = issues.IsIssue(row.Row),
                SuggestedLabel = issues.Suggested(row.Row) is > Domain.Null and int code ? classes.Text(code) : null,
            });

        IssueFilter New() => IssueFilter.For(options.LabelFilter, joint, prune, confident.Plan.Least);
    }

    /// <summary>The result with the number of issues that neighbours contradict too.</summary>
    public LabelIssueResult ContradictedBy(Func<long, bool> isContradicted) =>
        Result with { Contradicted = Issues.Rows.LongCount(r => isContradicted(r.Row)) };

    private static void Select(ScanPlan plan, Pipeline pipeline, bool allValid, IssueFilter all, Func<IssueFilter> filter, long rows, StageClock clock)
    {
        ScanPass pass = new(plan.Columns, Needs.Prediction | Needs.Confidence | Needs.Probabilities);
        int rowBytes = pass.RowBytes(plan.ClassCodes.Length);
        clock.Pass("labels", "checking labels", rows, done => pipeline.Run(
            pass.Requests,
            () => new LabelPass(plan, pass, pipeline.BatchRows(rowBytes), allValid, filter(), one =>
            {
                lock (all)
                {
                    all.Merge(one);
                }
            }),
            rowBytes,
            done));
    }
}
