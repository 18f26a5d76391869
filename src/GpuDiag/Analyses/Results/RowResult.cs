namespace GpuDiag.Analyses.Results;

/// <summary>One line of the rows table.</summary>
/// <param name="Row">0-based position in the dataset.</param>
public sealed record RowResult(long Row, string? Id, string? Split, string? Label, string? Pred, double? Confidence, bool? Correct, double? Loss);
