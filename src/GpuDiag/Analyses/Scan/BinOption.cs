namespace GpuDiag.Analyses.Scan;

/// <summary>Cuts a numeric column at its quantiles.</summary>
/// <param name="Count">Bins, 2 to 1,000; fewer come out where quantiles coincide.</param>
public sealed record BinOption(string Column, int Count = 4);
