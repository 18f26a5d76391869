using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GpuDiag.Columns;

namespace GpuDiag.Engine;

/// <summary>Predictions that agree with the label of a row some rows away, with that of their own row, or both: counts of pairs that share no label.</summary>
/// <param name="Pairs">Rows of which prediction and both labels are known.</param>
/// <param name="Shifted">Only the label of the other row is the prediction's.</param>
/// <param name="Own">Only the row's own is.</param>
/// <param name="Both">Both are.</param>
internal readonly record struct ShiftedPairs(long Pairs, long Shifted, long Own, long Both)
{
    private const int Step = 16;

    public static ShiftedPairs operator +(ShiftedPairs a, ShiftedPairs b) => new(a.Pairs + b.Pairs, a.Shifted + b.Shifted, a.Own + b.Own, a.Both + b.Both);

    /// <summary>Counts the rows whose block of |shift| rows has an even number, of consecutive rows, sixteen at a time.</summary>
    /// <param name="labels">Of all rows.</param>
    /// <param name="predictions">Likewise.</param>
    /// <param name="from">The first row's place.</param>
    /// <param name="to">The place after the last one's. The rows shifted have places too.</param>
    /// <param name="offset">From a place to the row's number.</param>
    /// <param name="shift">From −16 to 16, not 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ShiftedPairs Count(ReadOnlySpan<int> labels, ReadOnlySpan<int> predictions, int from, int to, long offset, int shift)
    {
        int period = 2 * Math.Abs(shift);
        Span<uint> even = stackalloc uint[period];
        for (int phase = 0; phase < period; phase++)
        {
            for (int i = 0; i < Step; i++)
            {
                even[phase] |= (phase + i) % period < period / 2 ? 1u << i : 0;
            }
        }

        long pairs = 0, shifted = 0, own = 0, both = 0;
        int at = from, start = from < to ? (int)((from + offset) % period) : 0;
        Vector512<int> none = Vector512.Create(Domain.Null);
        for (; at + Step <= to; at += Step)
        {
            Vector512<int> prediction = Vector512.Create(predictions.Slice(at, Step)), label = Vector512.Create(labels.Slice(at, Step)), far = Vector512.Create(labels.Slice(at + shift, Step));
            Vector512<int> unknown = Vector512.Equals(prediction, none) | Vector512.Equals(label, none) | Vector512.Equals(far, none);
            uint counted = even[start] & ~(uint)unknown.ExtractMostSignificantBits();
            uint near = counted & (uint)Vector512.Equals(label, prediction).ExtractMostSignificantBits(), away = counted & (uint)Vector512.Equals(far, prediction).ExtractMostSignificantBits();
            pairs += BitOperations.PopCount(counted);
            shifted += BitOperations.PopCount(away & ~near);
            own += BitOperations.PopCount(near & ~away);
            both += BitOperations.PopCount(near & away);
            start = (start + Step) % period;
        }

        for (; at < to; at++)
        {
            int prediction = predictions[at], label = labels[at], far = labels[at + shift];
            bool counted = (even[start] & 1) != 0 && prediction != Domain.Null && label != Domain.Null && far != Domain.Null;
            bool near = counted && label == prediction, away = counted && far == prediction;
            pairs += counted ? 1 : 0;
            shifted += away && !near ? 1 : 0;
            own += near && !away ? 1 : 0;
            both += near && away ? 1 : 0;
            start = (start + 1) % period;
        }

        return new ShiftedPairs(pairs, shifted, own, both);
    }
}
