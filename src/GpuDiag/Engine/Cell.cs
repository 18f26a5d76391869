namespace GpuDiag.Engine;

/// <summary>A non-zero cell of a count table, by codes.</summary>
public readonly record struct Cell(int Segment, int Label, int Prediction, long Count);
