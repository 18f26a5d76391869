using GpuDiag.Columns;

namespace GpuDiag.Engine.Labels;

/// <summary>When a row is confidently of a class.</summary>
/// <param name="Classes">The domain of the labels.</param>
/// <param name="ClassCodes">Class code of each probability column. Length K.</param>
/// <param name="Least">
/// Per column, the probability from which on a row is confidently of its class, above 0; +∞ for a class that no row is
/// confidently of. Length K.
/// </param>
public sealed record ConfidentJointPlan(Domain Classes, int[] ClassCodes, double[] Least);

/// <summary>Rows for <see cref="Backend.ConfidentJoint"/>. Rows that ScoreRows excludes, and rows without a known label, are not counted.</summary>
public sealed record ConfidentJointBatch(int Rows, MatrixColumn Probabilities, CodeColumn Label);
