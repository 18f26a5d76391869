using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>
/// Whether vectors belong to their rows. A model that sees the same input, or the same vector, answers the same: rows of one
/// vector with different predictions hold the vector of another row (a buffer written twice, a batch written again). A fact
/// wherever predictions follow from vectors, or both from the input; failed from a hundredth of the rows on, ten at least.
/// A vector that all rows share is one too, whatever is predicted.
/// </summary>
internal static class EmbeddingCheck
{
    public const string Code = "stale_embedding";

    private const double LeastShare = 0.01;

    private const long LeastContradicting = 10, LeastRows = 30;

    public static PipelineCheck Run(CheckInput input)
    {
        if (input.Facts.Embedding is not { } tally)
        {
            return PipelineCheck.NotApplicable(Code, "there is no embedding");
        }

        bool constant = tally.Rows >= LeastRows && tally.Largest == tally.Rows;
        bool failed = constant || (tally.Contradicting >= LeastContradicting && tally.Contradicting >= LeastShare * tally.Rows);
        return new PipelineCheck(Code, failed ? PipelineCheck.Failing : PipelineCheck.Passing)
        {
            Statistic = "rows with the vector of an earlier row, but another prediction",
            Value = tally.Contradicting,
            Rows = failed ? tally.Repeated : 0,
            Evidence = failed
                ? Evidence.Of(
                    ("column", tally.Column),
                    ("constant", constant),
                    ("repeated", tally.Repeated),
                    ("contradicting", tally.Contradicting),
                    ("rows_of_commonest", tally.Largest),
                    ("lag", tally.Lag),
                    ("rows_at_lag", tally.LagRows))
                : Evidence.Of(),
        };
    }
}
