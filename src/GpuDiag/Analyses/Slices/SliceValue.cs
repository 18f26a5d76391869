using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Slices;

/// <summary>
/// A row's value as a whole number of steps, so that sums are exact: errors in steps of 1, others of 2⁻¹⁶. The number is
/// held in bits, one set of rows for each: the sum over a slice is then Σ 2ᵇ · (rows of the slice with bit b).
/// </summary>
internal static class SliceValue
{
    private const int Fraction = 16;

    /// <summary>Bits of a value: errors are counted in any case, so they need none of their own.</summary>
    public static int Bits(SliceObjective objective) => objective switch
    {
        SliceObjective.Error => 0,

        // At most 52·ln 2, below 64.
        SliceObjective.Loss => Fraction + 6,
        _ => Fraction + 1,
    };

    /// <summary>Of one step.</summary>
    public static double Step(SliceObjective objective) => objective == SliceObjective.Error ? 1 : 1.0 / (1 << Fraction);

    /// <summary>Rounds a loss or a confidence to steps, ties to even; at most what the bits hold.</summary>
    public static uint Steps(SliceObjective objective, double value)
    {
        double most = objective == SliceObjective.Loss ? 63 : 1;
        return (uint)FixedGrid.Round(Math.Clamp(value, 0, most), 1 << Fraction);
    }
}
