using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>
/// Classes that only labels, or only predictions, have. Null hypothesis: a class is predicted as often as it is labelled, so
/// of the rows that have it on one side only, each side is as likely: the exact sign test, two-sided, Bonferroni over
/// classes. Only classes with 30 rows or more are reported.
/// </summary>
internal static class ClassChecks
{
    public const string NeverPredictedCode = "class_never_predicted", NeverLabelledCode = "class_never_labelled", ConstantCode = "constant_prediction";

    public const double FalseAlarmRate = 5e-4;

    private const long LeastRows = 30;

    private const int Listed = 100;

    public static PipelineCheck NeverPredicted(CheckInput input) =>
        OneSided(input, NeverPredictedCode, "classes labelled but never predicted", input.Matrix.Support, input.Matrix.Predicted);

    public static PipelineCheck NeverLabelled(CheckInput input) =>
        OneSided(input, NeverLabelledCode, "classes predicted but never labelled", input.Matrix.Predicted, input.Matrix.Support);

    /// <summary>
    /// One class is all that is ever predicted though labels differ. The same null hypothesis: of m rows with another label,
    /// none is predicted as one.
    /// </summary>
    public static PipelineCheck Constant(CheckInput input)
    {
        ConfusionMatrix matrix = input.Matrix;
        if (Array.FindAll(matrix.Support, s => s > 0).Length < 2)
        {
            return PipelineCheck.NotApplicable(ConstantCode, "all labels are one class");
        }

        long[] predicted = Array.FindAll(matrix.Predicted, p => p > 0);
        int only = Array.FindIndex(matrix.Predicted, p => p > 0);
        long others = matrix.Rows - matrix.Support[only];
        double p = predicted.Length == 1 ? Math.Min(1, 2 * Binomial.Cdf(0, others, 0.5)) : 1;
        bool failed = p <= FalseAlarmRate;
        return new PipelineCheck(ConstantCode, failed ? PipelineCheck.Failing : PipelineCheck.Passing)
        {
            Statistic = "predicted classes",
            Value = predicted.Length,
            PValue = p,
            FalseAlarmRate = FalseAlarmRate,
            Rows = failed ? matrix.Rows : 0,
            Evidence = failed ? Evidence.Of(("pred", input.Classes.Names[matrix.Classes[only]]), ("other_labels", others), ("p_value", p)) : Evidence.Of(),
        };
    }

    private static PipelineCheck OneSided(CheckInput input, string code, string statistic, long[] has, long[] lacks)
    {
        ConfusionMatrix matrix = input.Matrix;
        if (matrix.Rows < LeastRows)
        {
            return PipelineCheck.NotApplicable(code, $"there are fewer than {LeastRows} rows");
        }

        double P(int k) => Math.Min(1, 2.0 * has.Length * Binomial.Cdf(0, has[k], 0.5));
        List<int> lacking = [];
        for (int k = 0; k < has.Length; k++)
        {
            if (lacks[k] == 0 && has[k] > 0)
            {
                lacking.Add(k);
            }
        }

        lacking.Sort((a, b) => has[a] != has[b] ? has[b].CompareTo(has[a]) : a.CompareTo(b));
        int[] sure = Array.FindAll(lacking.ToArray(), k => has[k] >= LeastRows && P(k) <= FalseAlarmRate);
        long rows = 0;
        Array.ForEach(sure, k => rows += has[k]);
        return new PipelineCheck(code, sure.Length > 0 ? PipelineCheck.Failing : PipelineCheck.Passing)
        {
            Statistic = statistic,
            Value = sure.Length,
            PValue = lacking.Count > 0 ? P(lacking[0]) : 1,
            FalseAlarmRate = FalseAlarmRate,
            Rows = rows,
            Evidence = sure.Length > 0
                ? Evidence.Of([
                    ("classes", (long)sure.Length),
                    ("p_value", P(sure[0])),
                    .. sure.Take(Listed).Select(k => ($"rows {input.Classes.Names[matrix.Classes[k]]}", (object?)has[k]))])
                : Evidence.Of(),
        };
    }
}
