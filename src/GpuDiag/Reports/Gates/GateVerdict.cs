namespace GpuDiag.Reports.Gates;

/// <summary>What came of one gate.</summary>
/// <param name="Actual">The figure found; null when there is none, and then the gate has failed.</param>
/// <param name="Reason">Why there is no figure.</param>
internal sealed record GateVerdict(Gate Gate, bool Passed, double? Actual, string? Reason);
