using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Results;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>Whether the probabilities are probabilities: of all rows by count, what else they look like by a part of the rows.</summary>
internal static class ProbabilityChecks
{
    public const string RangeCode = "probability_range", SumCode = "probability_sum", DoubledCode = "softmax_twice", ConstantCode = "constant_probabilities";

    public const double FalseAlarmRate = 1e-3;

    private const double LeastShare = 0.1, SumShare = 0.01, Nearly = 0.99;

    private const long LeastRows = 30;

    /// <summary>A tenth of the rows or more are out of range: then they are something else, which their values tell. A fact.</summary>
    public static PipelineCheck Range(CheckInput input)
    {
        if (input.Scores is not { } scores || input.Facts.Probabilities is not { } look)
        {
            return None(RangeCode);
        }

        long rows = Valid(scores) + scores.OutOfRange;
        bool failed = scores.OutOfRange > 0 && scores.OutOfRange >= LeastShare * rows;
        return new PipelineCheck(RangeCode, failed ? PipelineCheck.Failing : PipelineCheck.Passing)
        {
            Statistic = "share of rows with a probability outside [0, 1]",
            Value = rows == 0 ? 0 : (double)scores.OutOfRange / rows,
            Rows = failed ? scores.OutOfRange : 0,
            Evidence = failed ? Evidence.Of(("looks_like", LooksLike(look)), ("least", look.Least), ("most", look.Most), ("rows_out_of_range", scores.OutOfRange)) : Evidence.Of(),
        };
    }

    /// <summary>A hundredth of the rows or more do not sum to 1. A fact.</summary>
    public static PipelineCheck Sum(CheckInput input)
    {
        if (input.Scores is not { } scores)
        {
            return None(SumCode);
        }

        long rows = Valid(scores);
        bool failed = scores.BadSum > 0 && scores.BadSum >= SumShare * rows;
        return new PipelineCheck(SumCode, failed ? PipelineCheck.Failing : PipelineCheck.Passing)
        {
            Statistic = "share of rows whose probabilities do not sum to 1",
            Value = rows == 0 ? 0 : (double)scores.BadSum / rows,
            Rows = failed ? scores.BadSum : 0,
        };
    }

    /// <summary>
    /// Every row may be the softmax of probabilities, and the labels are likelier under those: were labels drawn from the
    /// probabilities as stored, the ratio of likelihoods would be 1 on average, so 1,000 or more at most once in 1,000 (Markov).
    /// </summary>
    public static PipelineCheck Doubled(CheckInput input)
    {
        if (input.Facts.Probabilities is not { Rows: >= LeastRows } look)
        {
            return input.Facts.Probabilities is null ? None(DoubledCode) : PipelineCheck.NotApplicable(DoubledCode, $"there are fewer than {LeastRows} rows of probabilities");
        }

        double share = (double)look.Doubled / look.Rows;
        double p = share >= Nearly ? Math.Min(1, Deterministic.Exp(-look.LogLikelihoodGain)) : 1;
        bool failed = p <= FalseAlarmRate;
        return new PipelineCheck(DoubledCode, failed ? PipelineCheck.Failing : PipelineCheck.Passing)
        {
            Statistic = "share of rows that a softmax may have made of probabilities",
            Value = share,
            PValue = p,
            FalseAlarmRate = FalseAlarmRate,
            Rows = failed ? input.Matrix.Rows : 0,
            Evidence = failed ? Evidence.Of(("rows_looked_at", look.Rows), ("log_likelihood_gain", look.LogLikelihoodGain), ("most", look.Most)) : Evidence.Of(),
        };
    }

    /// <summary>All rows looked at hold the same probabilities. A fact.</summary>
    public static PipelineCheck Constant(CheckInput input)
    {
        if (input.Facts.Probabilities is not { Rows: >= LeastRows } look)
        {
            return input.Facts.Probabilities is null ? None(ConstantCode) : PipelineCheck.NotApplicable(ConstantCode, $"there are fewer than {LeastRows} rows of probabilities");
        }

        return new PipelineCheck(ConstantCode, look.IsConstant ? PipelineCheck.Failing : PipelineCheck.Passing)
        {
            Statistic = "every row has the same probabilities",
            Value = look.IsConstant ? 1 : 0,
            Rows = look.IsConstant ? input.Matrix.Rows : 0,
            Evidence = look.IsConstant ? Evidence.Of(("rows_looked_at", look.Rows), ("least", look.Least), ("most", look.Most)) : Evidence.Of(),
        };
    }

    private static PipelineCheck None(string code) => PipelineCheck.NotApplicable(code, "there are no probabilities");

    private static long Valid(ScoreCell scores) => scores.Scored + scores.NoLabel;

    private static string LooksLike(ProbabilityLook look) =>
        look.Logarithms >= Nearly * look.Rows ? "log_probabilities"
        : look.Percentages >= Nearly * look.Rows ? "percentages"
        : look.Negative > 0 ? "logits"
        : "unnormalised_scores";
}
