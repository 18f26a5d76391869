using GpuDiag.Columns;

namespace GpuDiag.Engine;

/// <summary>Where to evaluate temperature scaling.</summary>
/// <param name="Classes">The domain of the labels.</param>
/// <param name="ClassCodes">Class code of each probability column. Length K.</param>
/// <param name="Segments">One domain per segmentation.</param>
/// <param name="Betas">
/// Inverse temperatures: [0][0] over all rows, [1 + i][code] for segment <c>code</c> of segmentation i; NaN or missing = don't evaluate.
/// </param>
public sealed record TemperPlan(Domain Classes, int[] ClassCodes, IReadOnlyList<Domain> Segments, double[][] Betas);

/// <summary>Rows for <see cref="Backend.Temper"/>. Rows that ScoreRows excludes, and rows without a known label, are not counted.</summary>
public sealed record TemperBatch(int Rows, MatrixColumn Probabilities, CodeColumn Label, IReadOnlyList<CodeColumn> Segments);
