using GpuDiag.Analyses.Results;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Reliability;

/// <summary>Calibration results in the convention of <see cref="Calibration"/>.</summary>
internal static class Reliabilities
{
    public const string Convention = "equal-width bins (low, high] of the confidence; 0 in the first";

    public static CalibrationResult Of(CountTable table, int segment, CalibrationError error, double? temperature) =>
        new(Calibration.Bins, Convention, error.Ece.Value, error.Mce.Value, temperature, new ReliabilityCurve(table, segment));
}
