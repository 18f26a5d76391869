using GpuDiag.Engine.Vectors;

namespace GpuDiag.Engine.Heads;

/// <summary>The rows that a linear head is fitted to.</summary>
/// <param name="Rows">Finite values only.</param>
/// <param name="Labels">Class of every row, from 0.</param>
/// <param name="SampleWeights">s of every row, above 0.</param>
/// <param name="Present">Per class: rows have it. The probability of others is 0.</param>
/// <param name="Threads">Host threads that may work.</param>
public sealed record HeadPlan(VectorBlock Rows, IReadOnlyList<int> Labels, IReadOnlyList<double> SampleWeights, IReadOnlyList<bool> Present, int Threads);
