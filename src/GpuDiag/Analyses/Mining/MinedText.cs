using System.Globalization;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Mining;

/// <summary>Turns a choice into the rows and groups of a result.</summary>
/// <param name="context">What was looked at.</param>
/// <param name="choice">What was chosen.</param>
/// <param name="ids">Of the chosen pool rows; a row without one has its number.</param>
/// <param name="preds">Of the chosen pool rows.</param>
/// <param name="trainIds">Of the training rows nearest to them.</param>
internal sealed class MinedText(
    MineContext context, Choice choice, IReadOnlyDictionary<long, string> ids, IReadOnlyDictionary<long, string> preds, IReadOnlyDictionary<long, string> trainIds)
{
    public IReadOnlyList<MinedRow> Rows() => [.. choice.Rows.Select(Row)];

    /// <summary>The clusters of failures with what they were due and got; empty unless the budget was shared among them.</summary>
    public IReadOnlyList<MinedGroup> Groups()
    {
        if (context.Anchors is not { } anchors)
        {
            return [];
        }

        int[] mined = new int[anchors.Table.Count];
        foreach (ChosenRow row in choice.Rows)
        {
            mined[anchors.Groups[row.Candidate.Anchor]]++;
        }

        return [.. anchors.Table.Select((g, i) => g with { Quota = choice.Quotas.Count > 0 ? choice.Quotas[i] : 0, Mined = mined[i] })];
    }

    private MinedRow Row(ChosenRow chosen, int place)
    {
        Candidate candidate = chosen.Candidate;
        PoolScores? scores = context.Scores;
        MinedRow row = new(place + 1, candidate.Row, ids.GetValueOrDefault(candidate.Row) ?? Number(candidate.Row), chosen.Score)
        {
            Pred = preds.GetValueOrDefault(candidate.Row),
            Confidence = Finite(scores?.Confidence[candidate.Row]),
            Margin = Finite(scores?.Margin[candidate.Row]),
            Entropy = Finite(scores?.Entropy[candidate.Row]),
            NearestTrain = chosen.TrainRow < 0 ? null : trainIds.GetValueOrDefault(chosen.TrainRow) ?? Number(chosen.TrainRow),
            TrainDistance = chosen.TrainRow < 0 ? null : chosen.TrainDistance,
        };
        return candidate.Anchor < 0 ? row : row with
        {
            Resembles = context.Anchors!.Cases[candidate.Anchor],
            Distance = candidate.Distance,
            Similarity = Deterministic.Exp(-Deterministic.Div(candidate.Distance, choice.Scale!.Value)),
            Cluster = context.Anchors.Table[context.Anchors.Groups[candidate.Anchor]].Cluster,
        };
    }

    private static string Number(long row) => row.ToString(CultureInfo.InvariantCulture);

    private static double? Finite(double? value) => value is double v && double.IsFinite(v) ? v : null;
}
