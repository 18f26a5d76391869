using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Probabilities of logits: p_k = e^(z_k − max z) / Σ_j e^(z_j − max z), the sum in the order of <see cref="RowSum"/>.
/// A NaN, a logit of +∞ and a row of −∞ alone make every probability NaN. Host only.
/// </summary>
public static class Softmax
{
    /// <summary>One row; the spans are of one length, and may be the same memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Of(ReadOnlySpan<double> logits, Span<double> probabilities)
    {
        var largest = double.NegativeInfinity;
        foreach (var z in logits)
            largest = Math.Max(largest, z);
        var whole = logits.Length - (logits.Length % RowSum.Lanes);
        var top = Vector512.Create(largest);
        var lanes = Vector512<double>.Zero;
        for (var k = 0; k < whole; k += RowSum.Lanes)
        {
            var e = Deterministic.Exp(Vector512.LoadUnsafe(in MemoryMarshal.GetReference(logits), (nuint)k) - top);
            e.StoreUnsafe(ref MemoryMarshal.GetReference(probabilities), (nuint)k);
            lanes += e;
        }

        Span<double> sums = stackalloc double[RowSum.Lanes];
        lanes.CopyTo(sums);
        for (var k = whole; k < logits.Length; k++)
        {
            probabilities[k] = Deterministic.Exp(Deterministic.Sub(logits[k], largest));
            sums[k - whole] = Deterministic.Add(sums[k - whole], probabilities[k]);
        }

        var total = Deterministic.Add(
            Deterministic.Add(Deterministic.Add(sums[0], sums[4]), Deterministic.Add(sums[2], sums[6])),
            Deterministic.Add(Deterministic.Add(sums[1], sums[5]), Deterministic.Add(sums[3], sums[7])));
        for (var k = 0; k < logits.Length; k++)
            probabilities[k] = Deterministic.Div(probabilities[k], total);
    }
}
