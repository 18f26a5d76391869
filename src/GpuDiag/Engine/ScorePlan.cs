using GpuDiag.Columns;

namespace GpuDiag.Engine;

/// <summary>How to read probability rows.</summary>
/// <param name="Classes">The domain of the labels.</param>
/// <param name="ClassCodes">Class code of each probability column, in the order of the columns. Length K.</param>
/// <param name="Segments">One domain per segmentation.</param>
/// <param name="TopK">A label ranked below this (0-based) is a top-k hit; 5 by default.</param>
public sealed record ScorePlan(Domain Classes, int[] ClassCodes, IReadOnlyList<Domain> Segments, int TopK = 5);

/// <summary>Rows for <see cref="Backend.ScoreRows"/>, and where their per-row results go.</summary>
/// <param name="Rows">Rows in the batch.</param>
/// <param name="Probabilities">Rows × K, as stored, not renormalised.</param>
/// <param name="Label">True classes; 0 = null; a class without a probability column is as a null label.</param>
/// <param name="Segments">In the order of the plan.</param>
/// <param name="Scores">Receives one value per row.</param>
public sealed record ScoreBatch(int Rows, MatrixColumn Probabilities, CodeColumn Label, IReadOnlyList<CodeColumn> Segments, RowScores Scores);
