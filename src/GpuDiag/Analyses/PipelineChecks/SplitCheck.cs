using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Fit;
using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>
/// Whether the split called training does worse than the one called test: a model knows its own training rows best, so
/// the names are swapped, or the predictions are another model's. Null hypothesis: rows of both are as likely right;
/// Fisher's exact test, one-sided. The gap must be 0.05 at least: augmented training rows may be a little harder.
/// </summary>
internal static class SplitCheck
{
    public const string Code = "splits_swapped";

    public const double FalseAlarmRate = 1e-3;

    private const double LeastGap = 0.05;

    public static PipelineCheck Run(CheckInput input)
    {
        (long trainCorrect, long trainRows) = Sum(input, SplitKind.Train);
        (long testCorrect, long testRows) = Sum(input, SplitKind.Test);
        if (trainRows == 0 || testRows == 0)
        {
            return PipelineCheck.NotApplicable(Code, input.Splits.Count == 0 ? "there is no split" : "no split is called training, or none test");
        }

        double train = (double)trainCorrect / trainRows, test = (double)testCorrect / testRows;
        long correct = trainCorrect + testCorrect;
        double p = Hypergeometric.Cdf(trainCorrect, correct, trainRows + testRows - correct, trainRows);
        bool failed = p <= FalseAlarmRate && test - train >= LeastGap;
        return new PipelineCheck(Code, failed ? PipelineCheck.Failing : PipelineCheck.Passing)
        {
            Statistic = "accuracy on test less that on training",
            Value = test - train,
            PValue = p,
            FalseAlarmRate = FalseAlarmRate,
            Rows = failed ? trainRows + testRows : 0,
            Evidence = failed
                ? Evidence.Of(("train_accuracy", train), ("test_accuracy", test), ("train_rows", trainRows), ("test_rows", testRows), ("p_value", p))
                : Evidence.Of(),
        };
    }

    private static (long Correct, long Rows) Sum(CheckInput input, SplitKind kind)
    {
        SplitTally[] splits = [.. input.Splits.Where(s => SplitKinds.Of(s.Name) == kind)];
        return (splits.Sum(s => s.Correct), splits.Sum(s => s.Rows));
    }
}
