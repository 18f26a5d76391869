using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Labels;

/// <summary>From label issues to what a scan's result says of them.</summary>
internal static class LabelReport
{
    /// <summary>Row numbers and pairs that a result lists at most.</summary>
    private const int Listed = 1000, ListedPairs = 100;

    /// <summary>Without what needs the accuracy.</summary>
    /// <param name="classCodes">Class code of each probability column.</param>
    public static LabelIssueResult Of(LabelIssues issues, JointEstimate joint, NoiseRates rates, Domain classes, int[] classCodes, LabelFilter filter, LabelScore score)
    {
        int[] column = new int[classes.Count];
        for (int k = 0; k < classCodes.Length; k++)
        {
            column[classCodes[k]] = k;
        }

        Dictionary<int, long> byLabel = [];
        Dictionary<(int Label, int Suggested), long> byPair = [];
        foreach (IssueRow row in issues.Rows)
        {
            byLabel[row.Label] = byLabel.GetValueOrDefault(row.Label) + 1;
            (int, int) pair = (column[row.Label], column[row.Suggested]);
            byPair[pair] = byPair.GetValueOrDefault(pair) + 1;
        }

        return new LabelIssueResult
        {
            Filter = LabelNames.Of(filter),
            Score = LabelNames.Of(score),
            Judged = joint.Rows,
            Count = issues.Count,
            Errors = issues.Rows.LongCount(r => r.Prediction != Domain.Null && r.Prediction != r.Label),
            Won = issues.Rows.Sum(r => r.Prediction == r.Label ? -1L : r.Prediction == r.Suggested ? 1 : 0),
            NoiseRate = rates.Overall,
            Classes = [.. classCodes.Select((code, k) => new LabelNoise(classes.Text(code), joint.Labelled[k], byLabel.GetValueOrDefault(code), rates.Given[k], rates.True[k]))],
            Joint = [.. joint.Cells.Where(c => joint.Labelled[c.Given] > 0).Select(c => new LabelCell(c.Given, c.True, joint.Share(c)))],
            Pairs = [.. byPair
                .OrderByDescending(p => p.Value)
                .ThenBy(p => p.Key)
                .Take(ListedPairs)
                .Select(p => new LabelPair(classes.Text(classCodes[p.Key.Label]), classes.Text(classCodes[p.Key.Suggested]), p.Value))],
            Rows = [.. issues.WorstFirst().Take(Listed).Select(r => r.Row)],
        };
    }

    /// <summary>
    /// Adds what relabelling would do to the accuracy: no more than the noise rate, whatever the filter flags. Its interval
    /// begins at nothing, since only somebody who looks can say that a suggestion is right, and ends where the noise rate's
    /// does, in proportion; to this the accuracy's own is added.
    /// </summary>
    public static LabelIssueResult? WithAccuracy(LabelIssueResult? issues, ConfusionMatrix matrix)
    {
        if (issues is null || matrix.Rows == 0)
        {
            return issues;
        }

        double gain = Math.Min((double)issues.Won / matrix.Rows, issues.NoiseRate.Value ?? 1), accuracy = (double)matrix.Correct / matrix.Rows;
        (double low, double high) = Wilson.Interval(matrix.Correct, matrix.Rows);
        Estimate noise = issues.NoiseRate;
        double most = noise is { Value: > 0, High: not null } ? gain * noise.High.Value / noise.Value.Value : gain;
        Estimate won = new(gain, Math.Min(0, gain), Math.Max(0, most));
        return issues with
        {
            ShareOfErrors = Intervals.Proportion(issues.Errors, matrix.Errors),
            Gain = won,
            CorrectedAccuracy = new Estimate(
                accuracy + gain, Math.Clamp(low + won.Low!.Value, 0, accuracy + gain), Math.Clamp(high + won.High!.Value, accuracy + gain, 1)),
        };
    }
}
