using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GpuDiag.Columns;

namespace GpuDiag.Engine;

/// <summary>Picks the mispredicted rows that are worth showing: the greatest loss, else the greatest confidence.</summary>
public static class ErrorRows
{
    /// <summary>Offers every row with label ≠ prediction (neither null) to <paramref name="rows"/>.</summary>
    /// <param name="scores">Losses and confidences of the rows; null when there are no probabilities.</param>
    /// <param name="quality">Of the labels; empty when there are no probabilities.</param>
    public static void Select(
        TopRows rows, long firstRow, int count, CodeColumn label, CodeColumn prediction, NumberColumn? confidence, RowScores? scores, ReadOnlySpan<double> quality = default)
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
                rows.Add(new TopRow(firstRow + i, scores is null ? c : loss, l, p, c, loss, quality.IsEmpty ? double.NaN : quality[i]));
            }
        }
    }

    /// <summary>The common case, 32 rows at a time: most are told apart by their classes or by the threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(TopRows rows, long firstRow, int count, CodeColumn label, CodeColumn prediction, NumberColumn confidence)
    {
        const int Block = 32;
        ReadOnlySpan<byte> labels = label.Bytes[..count], predictions = prediction.Bytes[..count];
        ReadOnlySpan<float> confidences = confidence.Floats[..count];
        int i = 0;
        for (; i + Block <= count; i += Block)
        {
            Vector256<byte> l = Vector256.Create(labels[i..]), p = Vector256.Create(predictions[i..]);
            Vector256<byte> passed = Vector256.Equals(l, p) | Vector256.Equals(l, Vector256<byte>.Zero) | Vector256.Equals(p, Vector256<byte>.Zero);
            uint wanted = ~passed.ExtractMostSignificantBits();
            Vector256<float> threshold = Vector256.Create((float)rows.Threshold);
            uint below = 0;
            for (int j = 0; j < Block; j += Vector256<float>.Count)
            {
                // False for NaN: a row without a confidence is kept while there is room.
                below |= Vector256.LessThan(Vector256.Create(confidences[(i + j)..]), threshold).ExtractMostSignificantBits() << j;
            }

            for (wanted &= ~below; wanted != 0; wanted &= wanted - 1)
            {
                Offer(i + BitOperations.TrailingZeroCount(wanted), labels, predictions, confidences);
            }
        }

        for (; i < count; i++)
        {
            if (labels[i] != predictions[i] && labels[i] != 0 && predictions[i] != 0)
            {
                Offer(i, labels, predictions, confidences);
            }
        }

        void Offer(int row, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> predictions, ReadOnlySpan<float> confidences) =>
            rows.Add(new TopRow(firstRow + row, confidences[row], labels[row], predictions[row], confidences[row], double.NaN));
    }
}
