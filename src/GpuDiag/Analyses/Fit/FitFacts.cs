using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Neighbors;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Fit;

/// <summary>
/// What the neighbours of rows add to the question of fit, by kind of split and by label: leaked rows, and how a vote of
/// nearest training rows does. Counts only, over rows with a label and a prediction.
/// </summary>
internal sealed class FitFacts
{
    private readonly Dictionary<(SplitKind Kind, int Label), NeighborTally> tallies = [];

    /// <summary>Rows of the kind and label.</summary>
    public NeighborTally this[SplitKind kind, int label] => tallies.GetValueOrDefault((kind, label));

    /// <summary>All rows of a kind.</summary>
    public NeighborTally Of(SplitKind kind) =>
        tallies.Where(t => t.Key.Kind == kind).Aggregate(default(NeighborTally), (sum, t) => sum + t.Value);

    /// <param name="facts">Of the data.</param>
    /// <param name="isLeaked">Whether the training set, or another split, holds the row too.</param>
    /// <param name="graph">Neighbours among each other: of these the training rows vote, on training rows without the row itself.</param>
    /// <param name="trainGraph">Neighbours in a training set beside the data, which vote on all rows but training rows; null without one.</param>
    /// <param name="trainLabels">Its labels, 0 for none, below 0 for classes that the data lacks.</param>
    /// <param name="beside">There is a training set beside the data: rows without a split are test rows.</param>
    public static FitFacts Of(RowFacts facts, Func<long, bool> isLeaked, NeighborGraph graph, NeighborGraph? trainGraph, int[] trainLabels, bool beside)
    {
        SplitKind[] kinds = [.. Enumerable.Range(0, facts.Splits.Count).Select(c =>
            c == Domain.Null ? (beside ? SplitKind.Test : SplitKind.Other) : SplitKinds.Of(facts.Splits.Text(c)))];
        FitFacts fit = new();
        for (long row = 0; row < facts.Rows; row++)
        {
            int label = facts.Label[row], prediction = facts.Prediction[row];
            if (label == Domain.Null || prediction == Domain.Null)
            {
                continue;
            }

            SplitKind kind = kinds[facts.Split[row]];
            int vote = trainGraph is not null && kind != SplitKind.Train
                ? Vote(trainGraph.Neighbors(row), trainLabels, _ => true)
                : Vote(graph.Neighbors(row), facts.Label, n => kinds[facts.Split[n]] == SplitKind.Train);
            bool right = label == prediction;
            fit.tallies[(kind, label)] = fit[kind, label] + new NeighborTally(
                isLeaked(row) ? 1 : 0,
                isLeaked(row) && right ? 1 : 0,
                vote == Domain.Null ? 0 : 1,
                vote == label ? 1 : 0,
                vote != Domain.Null && right ? 1 : 0);
        }

        return fit;
    }

    /// <summary>The commonest label, of equally common ones that of the nearest; null when no one votes.</summary>
    private static int Vote(ReadOnlySpan<int> neighbors, int[] labels, Func<int, bool> votes)
    {
        int best = Domain.Null, most = 0;
        foreach (int candidate in neighbors)
        {
            int count = 0;
            foreach (int other in neighbors)
            {
                count += labels[other] == labels[candidate] && votes(other) ? 1 : 0;
            }

            (best, most) = labels[candidate] != Domain.Null && count > most ? (labels[candidate], count) : (best, most);
        }

        return best;
    }
}

/// <summary>Counts of rows.</summary>
/// <param name="Leaked">Leaked ones.</param>
/// <param name="LeakedRight">Those the model gets right.</param>
/// <param name="Voted">Rows that some training neighbour votes on.</param>
/// <param name="VoteRight">Those the vote gets right.</param>
/// <param name="ModelRight">Of the voted, those the model gets right.</param>
internal readonly record struct NeighborTally(long Leaked, long LeakedRight, long Voted, long VoteRight, long ModelRight)
{
    public static NeighborTally operator +(NeighborTally a, NeighborTally b) =>
        new(a.Leaked + b.Leaked, a.LeakedRight + b.LeakedRight, a.Voted + b.Voted, a.VoteRight + b.VoteRight, a.ModelRight + b.ModelRight);
}
