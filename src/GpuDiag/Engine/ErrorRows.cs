using GpuDiag.Columns;

namespace GpuDiag.Engine;

/// <summary>Picks the mispredicted rows that are worth showing: the greatest loss, else the greatest confidence.</summary>
public static class ErrorRows
{
    /// <summary>Offers every row with label ≠ prediction (neither null) to <paramref name="rows"/>.</summary>
    /// <param name="scores">Losses and confidences of the rows; null when there are no probabilities.</param>
    public static void Select(TopRows rows, long firstRow, int count, CodeColumn label, CodeColumn prediction, NumberColumn? confidence, RowScores? scores)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(prediction);
        if (label.Width == 1 && prediction.Width == 1 && scores is null && confidence is { IsDouble: false })
        {
            Narrow(rows, firstRow, count, label, prediction, confidence);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            int l = label[i], p = prediction[i];
            if (l != p && l != Domain.Null && p != Domain.Null)
            {
                double c = confidence is null ? double.NaN : confidence[i];
                double loss = scores is null ? double.NaN : scores.Loss[i];
                rows.Add(new TopRow(firstRow + i, scores is null ? c : loss, l, p, c, loss));
            }
        }
    }

    /// <summary>The common case, where most rows are told apart by one comparison with the threshold.</summary>
    private static void Narrow(TopRows rows, long firstRow, int count, CodeColumn label, CodeColumn prediction, NumberColumn confidence)
    {
        ReadOnlySpan<byte> labels = label.Bytes[..count], predictions = prediction.Bytes[..count];
        ReadOnlySpan<float> confidences = confidence.Floats[..count];
        float threshold = (float)rows.Threshold;
        for (int i = 0; i < confidences.Length; i++)
        {
            // False for NaN as well, once the threshold is a number.
            if (confidences[i] < threshold)
            {
                continue;
            }

            byte l = labels[i], p = predictions[i];
            if (l != p && l != 0 && p != 0)
            {
                rows.Add(new TopRow(firstRow + i, confidences[i], l, p, confidences[i], double.NaN));
                threshold = (float)rows.Threshold;
            }
        }
    }
}
