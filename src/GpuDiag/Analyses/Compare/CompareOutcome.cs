using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;

namespace GpuDiag.Analyses.Compare;

/// <summary>What a comparison gives to the reports.</summary>
/// <param name="Result">The same on every machine.</param>
/// <param name="Run">All that differs between machines and runs.</param>
/// <param name="Flips">Rows on which the models differ, or both are wrong: those to look at.</param>
public sealed record CompareOutcome(CompareResult Result, RunInfo Run, IReadOnlyList<FlipRow> Flips);
