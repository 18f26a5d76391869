using GpuDiag.Analyses.Metrics;

namespace GpuDiag.Analyses.Ranking;

/// <summary>A slot of unknown order, where it lies, and what it costs.</summary>
/// <param name="First">The least <see cref="Engine.ScoreKey"/> of its stretch, a multiple of the stretch's length.</param>
/// <param name="Log2">The stretch is 2^Log2 keys long.</param>
/// <param name="OwnsFirst">Rows whose key is <paramref name="First"/> are in the slot too.</param>
/// <param name="Cost">Its share of the bounds, in tolerances.</param>
internal readonly record struct OpenSlot(ulong First, int Log2, bool OwnsFirst, RankSlot Rows, double Cost);
