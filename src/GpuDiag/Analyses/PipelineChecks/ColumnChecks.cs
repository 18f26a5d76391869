using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>Ids that occur twice, columns that say nothing. Facts: exact counts, no test.</summary>
internal static class ColumnChecks
{
    public const string IdsCode = "duplicate_ids", NullCode = "null_column", ConstantCode = "constant_column", ConfidenceCode = "constant_confidence";

    private const long LeastRows = 30;

    private const int Listed = 100;

    public static PipelineCheck Ids(CheckInput input)
    {
        if (input.Facts.Ids is not { } ids)
        {
            return PipelineCheck.NotApplicable(IdsCode, "there is no column of ids");
        }

        bool failed = ids.Surplus > 0;
        return new PipelineCheck(IdsCode, failed ? PipelineCheck.Failing : PipelineCheck.Passing)
        {
            Statistic = "rows beyond one for each id",
            Value = ids.Surplus,
            Rows = ids.Surplus + ids.Duplicated,
            Evidence = failed
                ? Evidence.Of(
                    ("column", ids.Column),
                    ("duplicated_ids", ids.Duplicated),
                    ("rows_beyond_one", ids.Surplus),
                    ("rows_of_commonest", ids.Most),
                    ("first_row", ids.FirstRow),
                    ("second_row", ids.SecondRow),
                    ("null_ids", ids.Nulls))
                : Evidence.Of(),
        };
    }

    public static PipelineCheck Null(CheckInput input) =>
        Columns(input, NullCode, "columns without a value", input.Facts.Columns?.Null);

    /// <summary>Of those that play no role: a constant split, or one class, is told elsewhere or is meant.</summary>
    public static PipelineCheck Constant(CheckInput input) =>
        Columns(input, ConstantCode, "columns of one value that play no role", input.Facts.Columns?.Constant.Except(input.Facts.RoleColumns));

    public static PipelineCheck Confidence(CheckInput input)
    {
        if (input.Facts.ConfidenceColumn is not { } confidence || input.Facts.Columns is not { } columns)
        {
            return PipelineCheck.NotApplicable(ConfidenceCode, "there is no column of confidences");
        }

        PipelineCheck check = Columns(input, ConfidenceCode, "every row has the same confidence", columns.Constant.Where(c => c == confidence));
        return check.Status == PipelineCheck.Failing ? check with { Rows = input.Matrix.Rows } : check;
    }

    private static PipelineCheck Columns(CheckInput input, string code, string statistic, IEnumerable<string>? names)
    {
        if (names is null || input.Facts.Sequence.Rows < LeastRows)
        {
            return PipelineCheck.NotApplicable(code, $"there are fewer than {LeastRows} rows");
        }

        string[] found = [.. names];
        return new PipelineCheck(code, found.Length > 0 ? PipelineCheck.Failing : PipelineCheck.Passing)
        {
            Statistic = statistic,
            Value = found.Length,
            Evidence = found.Length > 0 ? Evidence.Of([("columns", (long)found.Length), .. found.Take(Listed).Select((c, i) => ($"column_{i + 1}", (object?)c))]) : Evidence.Of(),
        };
    }
}
