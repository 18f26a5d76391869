namespace GpuDiag.Engine.Cpu;

/// <summary>What one pass over a valid row of probabilities finds (<see cref="Kernels.Algebra.RowOrder"/> and the row sums).</summary>
/// <param name="ArgMax">Column of the largest, the lowest on ties.</param>
/// <param name="Confidence">The largest, as stored.</param>
/// <param name="Margin">Largest minus second largest.</param>
/// <param name="Entropy">In nats.</param>
/// <param name="Mass">The sum.</param>
/// <param name="Brier">Meaningless where the label is −1.</param>
/// <param name="Rank">Columns before the label's; meaningless where the label is −1.</param>
internal readonly record struct RowScan(int ArgMax, double Confidence, double Margin, double Entropy, double Mass, double Brier, int Rank);
