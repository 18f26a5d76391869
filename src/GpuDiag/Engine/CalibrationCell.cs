using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine;

/// <summary>One slot of a calibration table: rows, how many of them were right, and the exact sum of their confidences.</summary>
public record struct CalibrationCell(long Rows, long Correct, FixedSum Confidence);
