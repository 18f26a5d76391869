namespace GpuDiag.Analyses.Results;

/// <summary>Whether the model learnt too little, or its training rows by heart; the rules are in docs/fit.md.</summary>
/// <param name="Verdict"><c>good</c>, <c>overfit</c>, <c>underfit</c>, <c>memorised</c> or <c>cannot_tell</c>.</param>
/// <param name="Why">One sentence: the figures that decided, or what is missing.</param>
/// <param name="Splits">In the order of results.</param>
/// <param name="Reasons">The figures that the verdict looks at, those that there are.</param>
/// <param name="Classes">In class order.</param>
public sealed record FitResult(string Verdict, string Why, IReadOnlyList<FitSplit> Splits, IReadOnlyList<FitReason> Reasons, IReadOnlyList<FitClass> Classes)
{
    public const string Good = "good", Overfit = "overfit", Underfit = "underfit", Memorised = "memorised", CannotTell = "cannot_tell";
}

/// <summary>One value of the split column.</summary>
/// <param name="Split">Null for rows without one.</param>
/// <param name="Kind"><c>train</c>, <c>validation</c>, <c>test</c>; <c>other</c> when the name does not say.</param>
/// <param name="Rows">Rows with a label and a prediction.</param>
/// <param name="Metrics">By name, as of a segment.</param>
public sealed record FitSplit(string? Split, string Kind, long Rows, IReadOnlyDictionary<string, Estimate> Metrics);

/// <summary>A figure of the reasoning.</summary>
/// <param name="Name">Stable: <c>gap_without_leaks</c>.</param>
public sealed record FitReason(string Name, Estimate Figure);

/// <summary>One class.</summary>
/// <param name="TrainRows">Training rows of the class.</param>
/// <param name="TestRows">Test rows of the class that are not leaked.</param>
/// <param name="Gap">Recall on training less that on test rows that are not leaked.</param>
public sealed record FitClass(string Class, long TrainRows, Estimate TrainRecall, long TestRows, Estimate TestRecall, Estimate Gap, string Verdict);
