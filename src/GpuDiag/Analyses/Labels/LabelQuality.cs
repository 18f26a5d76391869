using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Labels;

/// <summary>
/// The quality of one row's label, 0 = worst. Probabilities are taken into [0, 1]. NaN for a row that is not judged:
/// without a valid row of probabilities, or without a known label.
/// </summary>
internal static class LabelQuality
{
    /// <summary>From what ScoreRows says of a row.</summary>
    /// <param name="score">Which of the three.</param>
    /// <param name="scores">Of a batch.</param>
    /// <param name="row">In the batch.</param>
    /// <param name="label">Column of the label; asked only where the row has a label's probability.</param>
    /// <param name="classes">Columns, K.</param>
    public static double Of(LabelScore score, RowScores scores, int row, int label, int classes)
    {
        double own = scores.LabelProbability[row];
        if (double.IsNaN(own))
        {
            return double.NaN;
        }

        double top = scores.Confidence[row];
        // Of the label's own margin the second largest is left, to the last bit where it is above 1e-9.
        double other = scores.ArgMax[row] == label ? Deterministic.Sub(top, scores.Margin[row]) : top;
        return Of(score, own, classes == 1 ? 0 : other, scores.Entropy[row], classes);
    }

    /// <summary>From its parts.</summary>
    /// <param name="score">Which of the three.</param>
    /// <param name="own">Probability of the label.</param>
    /// <param name="other">The largest probability of another class.</param>
    /// <param name="entropy">Of the row, nats.</param>
    /// <param name="classes">Columns, K.</param>
    public static double Of(LabelScore score, double own, double other, double entropy, int classes)
    {
        own = Confident.Clip(own);
        return score switch
        {
            LabelScore.SelfConfidence => own,
            LabelScore.NormalizedMargin => (own - Confident.Clip(other) + 1) / 2,
            _ => Weighted(own, entropy, classes),
        };
    }

    private static double Weighted(double own, double entropy, int classes)
    {
        // Of one class there is no entropy to compare with: the row is as certain as can be.
        double share = classes == 1 ? 0 : Math.Max(0, entropy) / Deterministic.Log(classes);
        double ratio = share / Math.Max(own, Confident.Slack);
        return Math.Min(1, Deterministic.Log(1 + ratio) / Math.Max(ratio, Confident.Slack));
    }
}
