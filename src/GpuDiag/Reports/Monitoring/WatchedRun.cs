using GpuDiag.Analyses.Scan;
using GpuDiag.Reports.Gates;

namespace GpuDiag.Reports.Monitoring;

/// <summary>What those who watch a job are told of one run.</summary>
/// <param name="Outcome">Null where the run failed before it had one.</param>
/// <param name="Verdicts">In the order of the command line.</param>
/// <param name="Fault">Why there is no outcome; null where there is one.</param>
internal sealed record WatchedRun(
    string Version, DateTimeOffset Started, TimeSpan Elapsed, ScanOutcome? Outcome, IReadOnlyList<GateVerdict> Verdicts, string? Fault);
