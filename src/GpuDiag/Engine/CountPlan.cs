using GpuDiag.Columns;

namespace GpuDiag.Engine;

/// <summary>What to count. Domains may grow while rows are read; folds follow.</summary>
/// <param name="Classes">The domain that labels and predictions share.</param>
/// <param name="Segments">One domain per segmentation (a column, a bin column, a cross).</param>
/// <param name="Calibration">Count confidences by bin too.</param>
public sealed record CountPlan(Domain Classes, IReadOnlyList<Domain> Segments, bool Calibration);

/// <summary>Columns of equal length for <see cref="Backend.Count"/>.</summary>
/// <param name="Rows">Rows in the batch.</param>
/// <param name="Label">True classes; 0 = null.</param>
/// <param name="Prediction">Predicted classes; 0 = null.</param>
/// <param name="Segments">In the order of the plan; 0 = the null segment, which is a segment.</param>
/// <param name="Confidence">Confidence of the prediction, or null when the plan has no calibration.</param>
public sealed record CountBatch(int Rows, CodeColumn Label, CodeColumn Prediction, IReadOnlyList<CodeColumn> Segments, NumberColumn? Confidence);
