namespace GpuDiag.Engine;

/// <summary>
/// The calibration table's convention. Bin of confidence c in [0, 1]: ⌈15·c⌉ − 1, clamped to 0 … 14, the product in
/// double, so bin i covers (i/15, (i+1)/15] and zero falls in the first.
/// Bin 15 takes rows without a confidence (NaN) or without a label or prediction; bin 16 takes confidences outside
/// [0, 1] by more than <see cref="Tolerance"/>; a row that is both is missing. Bins 15 and 16 count rows only: their
/// correct counts and sums stay 0. A confidence below 0 within the tolerance is taken as 0.
/// Confidences are summed on a grid of 2⁻⁴⁰ (exact for float32 from 2⁻¹⁷ up).
/// </summary>
public static class Calibration
{
    public const int Bins = 15;

    public const int Missing = 15;

    public const int OutOfRange = 16;

    /// <summary>Slots per segment: the bins, then Missing and OutOfRange.</summary>
    public const int Slots = 17;

    public const double Tolerance = 1e-3;

    /// <summary>The bin of a confidence; <see cref="Missing"/> or <see cref="OutOfRange"/> where it has none.</summary>
    public static int Bin(double confidence) =>
        double.IsNaN(confidence) ? Missing
        : confidence is < -Tolerance or > 1 + Tolerance ? OutOfRange
        : Math.Clamp((int)Math.Ceiling(Bins * confidence) - 1, 0, Bins - 1);
}
