using System.Runtime.CompilerServices;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// The grid of confidences, 2^−40: coarse enough that 2^22 rows sum in 64 bits, fine enough to hold every float of at
/// least 2^−17 without rounding.
/// </summary>
public static class Confidence
{
    /// <summary>The grid is 2^−GridBits.</summary>
    public const int GridBits = 40;

    /// <summary>Rows whose quantised confidences fit a 64-bit sum, with room to spare.</summary>
    public const int RowsPerSum = 1 << 22;

    /// <summary>
    /// c·2^40 + ½, truncated. The domain is c in [0, 1.001]; callers set other rows aside. Widen a sum with
    /// <see cref="FixedSum.FromConfidences"/>. Compiles on every ILGPU backend.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Quantize(double c) => (long)Deterministic.Fma(c, 1099511627776.0, 0.5);
}
