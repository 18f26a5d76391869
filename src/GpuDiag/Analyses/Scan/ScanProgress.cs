namespace GpuDiag.Analyses.Scan;

/// <summary>How far a scan is.</summary>
/// <param name="Stage">What it does, for people: <c>reading</c>, <c>ranking</c>.</param>
/// <param name="RowsTotal">0 while it is not known.</param>
public readonly record struct ScanProgress(string Stage, long RowsDone, long RowsTotal);
