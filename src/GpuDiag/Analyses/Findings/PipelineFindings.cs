using GpuDiag.Analyses.PipelineChecks;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Findings;

/// <summary>
/// Failed checks of the pipeline. A check whose fault follows from another's is not told twice: a shift makes its rows a bad
/// stretch, and a map of classes leaves classes without predictions.
/// </summary>
internal static class PipelineFindings
{
    private const double HighShare = 0.01, MediumGap = 0.3, HighGap = 0.6;

    public static IEnumerable<Finding> All(FindingInput input) =>
        input.Result.Pipeline is not { } pipeline ? []
            : from check in pipeline.Failed
              where !Follows(check.Code, [.. pipeline.Failed.Select(c => c.Code)])
              let text = Describe(check, input)
              where text is not null
              select new Finding(
                  $"pipeline.{check.Code}",
                  text.Value.Severity,
                  text.Value.Title,
                  check.Evidence.Count > 0 && check.PValue is double p && !check.Evidence.ContainsKey("p_value") ? Evidence.Of([.. check.Evidence.Select(e => (e.Key, e.Value)), ("p_value", p)]) : check.Evidence,
                  check.Rows,
                  Gain(check, input),
                  text.Value.Action);

    private static bool Follows(string code, string[] failed) => code switch
    {
        StretchCheck.FilesCode => failed.Contains(ShiftCheck.Code),
        StretchCheck.RowsCode => failed.Contains(ShiftCheck.Code),
        ClassChecks.NeverLabelledCode => failed.Contains(ClassMapCheck.Code),
        _ => false,
    };

    private static Estimate Gain(PipelineCheck check, FindingInput input) => check.AccuracyIfFixed is { Value: double fixedTo, Low: double low, High: double high }
        ? new Estimate(fixedTo - input.Accuracy, Math.Max(0, low - input.Accuracy), high - input.Accuracy)
        : Estimate.Undefined;

    /// <summary>Null: told by a finding of another name.</summary>
    private static (string Severity, string Title, string Action)? Describe(PipelineCheck check, FindingInput input)
    {
        IReadOnlyDictionary<string, object?> e = check.Evidence;
        string Text(string name) => e[name]?.ToString() ?? "";
        string Share(string name) => Evidence.Percent((double)e[name]!);
        string Count(string name) => Evidence.Number((long)e[name]!);
        string Rows() => $"rows {Count("first_row")} to {Count("last_row")}";
        return check.Code switch
        {
            ClassMapCheck.Code => (
                Severity.High,
                $"Predictions name {Count("classes")} classes wrongly: with the map in the evidence accuracy is {Share("accuracy_if_fixed")}, as it stands {Share("accuracy")}",
                "Compare the class list of the model with that of the labels (order, first index 0 or 1, names), and write predictions by the labels' list; the map of each is in pipeline in summary.json."),
            ShiftCheck.Code => (
                Severity.High,
                $"Labels are shifted by {Text("shift")} against predictions in {Rows()}: {Share("agreement")} agree as they stand, {Share("agreement_shifted")} when moved",
                "Join labels and predictions by id, not by position; look for a header taken for a row, a dropped row or a shuffled loader at the first of these rows."),
            StretchCheck.FilesCode => (
                Severity.High,
                $"{Text("file")} is far from the other files: accuracy {Share("accuracy")}, elsewhere {Share("accuracy_elsewhere")}; {Share("labels_differing")} of its labels would have to change",
                "Make this file again, or find out how it came about otherwise (another model, another join, default labels); scan without it meanwhile."),
            StretchCheck.RowsCode => (
                Severity.Of((double)e["accuracy_lacking"]!, MediumGap, HighGap),
                $"{char.ToUpperInvariant(Rows()[0])}{Rows()[1..]} are far from the others: accuracy {Share("accuracy")}, elsewhere {Share("accuracy_elsewhere")}; {Share("labels_differing")} of their labels would have to change",
                "Look at what was written there: another model or version, a failed join, default values, or data of another source."),
            ClassChecks.ConstantCode => (
                Severity.High,
                $"Every prediction is '{Text("pred")}', though {Evidence.Rows((long)e["other_labels"]!)} have another label",
                "Check that predictions are the model's (arg max over the right axis, not a default value), and that its weights were loaded."),
            ClassChecks.NeverPredictedCode => null,
            ClassChecks.NeverLabelledCode => (
                Severity.Medium,
                e.Count == 3 ? "1 class is predicted, but no row is labelled so" : $"{Evidence.Number(e.Count - 2)} classes are predicted, but no row is labelled so",
                "Compare the names in the evidence with those of the labels: a spelling, a merged class, or a label list of another version."),
            SplitCheck.Code => (
                Severity.High,
                $"Training rows do worse than test rows: {Share("train_accuracy")} against {Share("test_accuracy")}",
                "Check whether the names of the splits are swapped, and whether the predictions are this model's."),
            ProbabilityChecks.RangeCode => (
                Severity.High,
                $"{Evidence.Rows(check.Rows)} of probabilities are not within [0, 1]: they look like {Text("looks_like").Replace('_', ' ')} (from {Evidence.Number((double)e["least"]!)} to {Evidence.Number((double)e["most"]!)})",
                Text("looks_like") switch
                {
                    "log_probabilities" => "Write exp(x) of these values: they are logarithms of probabilities.",
                    "percentages" => "Divide by 100.",
                    _ => "Apply the softmax (or, for scores of one class at a time, the sigmoid) before writing them.",
                }),
            ProbabilityChecks.SumCode => null,
            ProbabilityChecks.DoubledCode => (
                Severity.Medium,
                $"The softmax may have been applied twice: no probability is above {Evidence.Number((double)e["most"]!)}, and labels fit the probabilities below it far better",
                "Look for a softmax in the model and another where its output is written; a loss that takes logits must not be given probabilities either."),
            ProbabilityChecks.ConstantCode => (Severity.High, "Every row has the same probabilities", "Check that the probabilities are the model's, row by row, and that its weights were loaded."),
            ColumnChecks.ConfidenceCode => (Severity.Medium, "Every row has the same confidence", "Check that the column is the confidence of the prediction, and not a default value."),
            EmbeddingCheck.Code => (
                Severity.High,
                (bool)e["constant"]! ? "Every row has the same embedding" : $"{Evidence.Rows((long)e["contradicting"]!)} have the embedding of another row, though the model answers otherwise",
                $"Check that embeddings are copied out of the model's buffer row by row{((long)e["lag"]! > 0 ? $": {Count("rows_at_lag")} of them repeat the one {Evidence.Rows((long)e["lag"]!)} before" : "")}; what follows from neighbours, duplicates and clusters means little until then."),
            ColumnChecks.IdsCode => (
                (long)e["rows_beyond_one"]! >= HighShare * input.Result.Rows ? Severity.High : Severity.Medium,
                $"{Count("duplicated_ids")} ids occur more than once, up to {Count("rows_of_commonest")} times",
                $"Compare rows {Text("first_row")} and {Text("second_row")}: a file read twice, a join that multiplied rows, or an id that is none."),
            ColumnChecks.NullCode => (Severity.Low, $"Without any value: {Names(e)}", "Fill these columns, or leave them out: nothing can be told by them."),
            ColumnChecks.ConstantCode => (Severity.Low, $"The same value in every row: {Names(e)}", "Check that these columns are not default values where others were meant."),
            _ => throw new InvalidOperationException($"the check {check.Code} has no finding"),
        };
    }

    private static string Names(IReadOnlyDictionary<string, object?> evidence)
    {
        string[] names = [.. evidence.Where(e => e.Key != "columns").Select(e => $"'{e.Value}'")];
        return string.Join(", ", names.Take(5)) + (names.Length > 5 ? $" and {names.Length - 5} more" : "");
    }
}
