using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Reliability;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Segments;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Findings;

/// <summary>What the rules look at.</summary>
/// <param name="Result">The result, without findings.</param>
/// <param name="Segments">In the result's order.</param>
/// <param name="Calibration">Of all rows; no rows when there is no confidence.</param>
/// <param name="Scores">Of all rows; null without probabilities.</param>
internal sealed record FindingInput(
    ScanResult Result, ConfusionMatrix Matrix, ClassOrder Classes, IReadOnlyList<Segment> Segments, CalibrationError Calibration, ScoreCell? Scores)
{
    public double Accuracy => (double)Matrix.Correct / Matrix.Rows;
}
