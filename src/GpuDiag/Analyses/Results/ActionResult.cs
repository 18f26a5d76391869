namespace GpuDiag.Analyses.Results;

/// <summary>Something to do, with what it is worth and how to start.</summary>
/// <param name="Action">What kind: "relabel", "collect", …</param>
/// <param name="Finding">The code of the finding, or the name of the cause, that it answers.</param>
/// <param name="Title">What is wrong.</param>
/// <param name="Rows">Rows concerned.</param>
/// <param name="Gain">In accuracy over all rows; the value is null where only a range can be told. Gains of several actions overlap.</param>
/// <param name="GainMethod">How the gain was computed; null without one.</param>
/// <param name="Select">A condition on the columns of rows.parquet that picks the rows; null where rows do not matter.</param>
/// <param name="Command">Starts it; null where it starts outside.</param>
/// <param name="Advice">In words.</param>
public sealed record ActionResult(
    string Action, string Finding, string Title, long Rows, Estimate Gain, string? GainMethod, string? Select, string? Command, string Advice);
