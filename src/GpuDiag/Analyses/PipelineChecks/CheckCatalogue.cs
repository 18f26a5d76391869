using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>The checks, in order. A new one is one more line here.</summary>
internal static class CheckCatalogue
{
    private static readonly Func<CheckInput, PipelineCheck>[] Checks =
    [
        ClassMapCheck.Run,
        ShiftCheck.Run,
        StretchCheck.Files,
        StretchCheck.Rows,
        ClassChecks.Constant,
        ClassChecks.NeverPredicted,
        ClassChecks.NeverLabelled,
        SplitCheck.Run,
        ProbabilityChecks.Range,
        ProbabilityChecks.Sum,
        ProbabilityChecks.Doubled,
        ProbabilityChecks.Constant,
        ColumnChecks.Confidence,
        EmbeddingCheck.Run,
        ColumnChecks.Ids,
        ColumnChecks.Null,
        ColumnChecks.Constant,
    ];

    public static PipelineResult Run(CheckInput input)
    {
        PipelineCheck[] checks = [.. Checks.Select(check => check(input))];
        return new PipelineResult(checks) { Verdict = new PipelineVerdict(checks) };
    }
}
