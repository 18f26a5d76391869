using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports.Html;

namespace GpuDiag.Reports;

/// <summary>The result for people, within 100 columns: how good, where bad, what to do, where the rest is.</summary>
internal sealed class ConsoleSummary(TextWriter output, Palette palette)
{
    private const int Width = 100;
    private const int Shown = 5;

    /// <summary>Metrics that lead; the others are in summary.json.</summary>
    private static readonly string[] Headline =
    [
        "accuracy", "balanced_accuracy", "precision", "recall", "f1", "specificity", "precision_macro", "recall_macro", "f1_macro",
        "cohen_kappa", "matthews_corrcoef", "roc_auc", "average_precision", "roc_auc_macro", "average_precision_macro",
        "top_5_accuracy", "log_loss", "brier",
    ];

    /// <param name="folder">Where the files are; null when none were written.</param>
    /// <param name="elapsed">From the start of the process.</param>
    public void Write(ScanOutcome outcome, string? folder, TimeSpan elapsed)
    {
        var result = outcome.Result;
        WriteHead(outcome, elapsed);
        WriteMetrics(result);
        WriteSegments(result);
        WriteSlices(result.Slices);
        WriteClusters(result);
        WriteClasses(result);
        WriteConfusions(result);
        WriteCalibration(result.Calibration);
        WriteLabels(result.LabelIssues);
        WriteNeighbors(result);
        WriteFit(result.Fit);
        WritePipeline(result.Pipeline);
        WriteCauses(result.Causes);
        WriteFindings(result.Findings);
        WriteActions(result.Actions);
        if (folder is not null)
            WriteFiles(outcome, folder);
    }

    private void WriteHead(ScanOutcome outcome, TimeSpan elapsed)
    {
        var (result, run) = (outcome.Result, outcome.Run);
        Line($"{palette.Bold($"{Plain.Count(result.Rows)} rows, {Plain.Count(result.ClassNames.Count)} classes")}, {result.Task}"
            + (result.PositiveClass is string positive ? $", positive class {Plain.Name(positive, 30)}" : ""));
        string roles = string.Join("; ", run.Roles.GroupBy(r => (Role: r.How == "as the data" ? "train" : r.Role, r.How)).Select(g => $"{g.Key.Role} = {string.Join(", ", g.Select(r => Plain.Name(r.Column, 40)))} ({g.Key.How})"));
        foreach (string line in Plain.Wrap("Columns: " + roles, Width))
            Line(palette.Dim(line));
        foreach (string line in Plain.Wrap($"Device: {run.Device.Backend}, {run.Device.Name} ({run.Device.Reason}); {Plain.Seconds(elapsed)}", Width))
            Line(palette.Dim(line));
        var excluded = result.Excluded;
        string left = string.Join(", ", new (string Reason, long Rows)[]
        {
            ("without a label", excluded.NullLabel), ("without a prediction", excluded.NullPred), ("with a label unknown to the class list", excluded.UnknownLabel),
            ("with NaN probabilities", excluded.NanProbs), ("with probabilities outside 0..1", excluded.ProbsOutOfRange),
            ("with NaN confidence", excluded.NanConfidence), ("with confidence outside 0..1", excluded.ConfidenceOutOfRange),
            ("without an embedding", excluded.NanEmbedding), ("with an embedding of zeros", excluded.ZeroEmbedding),
        }.Where(e => e.Rows > 0).Select(e => $"{Plain.Count(e.Rows)} {e.Reason}"));
        if (left.Length > 0)
        {
            foreach (string line in Plain.Wrap("Left out: " + left, Width))
                Line(palette.Yellow(line));
        }
        foreach (string line in Plain.Wrap(result.Train is { } train ? TrainSummary.Text(train) : "", Width))
            Line(line);
        foreach (var skipped in run.Skipped)
            Line(palette.Yellow($"Skipped: {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}"));
    }

    private void WriteMetrics(ScanResult result)
    {
        Title($"{"Metrics",-26}{"value",10}   {"95 % interval",-20}");
        foreach (string name in Headline)
        {
            if (result.Metrics.TryGetValue(name, out var estimate) && estimate.Value is not null)
                Line($"  {name,-24}{Plain.Figure(estimate.Value),10}   {Plain.Interval(estimate)}".TrimEnd());
        }
    }

    private void WriteSegments(ScanResult result)
    {
        // Segments that hold every row of their column say nothing.
        var worst = result.Segments.Where(s => s.PValue is not null && s.Rows < result.Rows).Take(Shown).ToList();
        if (worst.Count == 0)
            return;
        Title($"{$"Worst of {Plain.Count(result.Segments.Count)} segments",-36}{"rows",12}{"errors",12}{"accuracy",10}   {"95 % interval",-17}q-value");
        foreach (var s in worst)
        {
            string accuracy = $"{Plain.Figure(s.Metrics.GetValueOrDefault("accuracy").Value),10}";
            Line($"  {SegmentName(s),-34}{Plain.Count(s.Rows),12}{Plain.Count(s.Errors),12}{(s.QValue <= 0.05 ? palette.Red(accuracy) : accuracy)}   {Plain.Interval(s.Metrics.GetValueOrDefault("accuracy")),-15}  {Plain.Probability(s.QValue)}");
        }
    }

    private void WriteSlices(SliceSearchResult? search)
    {
        var worst = (search?.Slices ?? []).Take(Shown).ToList();
        if (worst.Count == 0)
            return;
        Title($"{$"Worst of {Plain.Count(search!.Candidates)} combinations",-36}{"rows",12}{"errors",12}{"wrong",10}   {"95 % interval",-17}q-value");
        foreach (var s in worst)
        {
            string name = Plain.Name(s.Text, 34);
            if (s.Text.Length > 34)
            {
                foreach (string line in Plain.Wrap(Plain.Name(s.Text), Width - 2))
                    Line($"  {line}");
                name = "";
            }
            string wrong = $"{Plain.Figure(s.ErrorRate.Value),10}";
            Line($"  {name,-34}{Plain.Count(s.Rows),12}{Plain.Count(s.Errors),12}{(s.QValue <= 0.05 ? palette.Red(wrong) : wrong)}   {Plain.Interval(s.ErrorRate),-15}  {Plain.Probability(s.QValue)}");
        }
    }

    private void WriteClusters(ScanResult result)
    {
        var worst = (result.Clusters ?? []).Where(c => c.PValue is not null).Take(Shown).ToList();
        if (worst.Count == 0)
            return;
        Title($"{$"Worst of {Plain.Count(result.Clusters!.Count)} clusters",-36}{"rows",12}{"errors",12}{"wrong",10}   {"95 % interval",-17}q-value");
        foreach (var c in worst)
        {
            string pair = c.Dominant is { } d ? $": {Plain.Name(d.Label, 9)} taken for {Plain.Name(d.Pred, 9)}" : "";
            string wrong = $"{Plain.Figure(c.ErrorRate.Value),10}";
            Line($"  {Plain.Name($"{c.Cluster}{pair}", 34),-34}{Plain.Count(c.Rows),12}{Plain.Count(c.Errors),12}{(c.QValue <= 0.05 ? palette.Red(wrong) : wrong)}   {Plain.Interval(c.ErrorRate),-15}  {Plain.Probability(c.QValue)}");
        }
    }

    private void WriteClasses(ScanResult result)
    {
        var worst = result.Classes.Where(c => c.Support > 0 && c.F1.Value is not null).OrderBy(c => c.F1.Value).Take(Shown).ToList();
        if (worst.Count == 0)
            return;
        Title($"{$"Worst of {Plain.Count(result.Classes.Count)} classes",-34}{"support",12}{"predicted",12}{"precision",12}{"recall",10}{"f1",10}");
        foreach (var c in worst)
            Line($"  {Plain.Name(c.Class, 32),-32}{Plain.Count(c.Support),12}{Plain.Count(c.Predicted),12}{Plain.Figure(c.Precision.Value),12}{Plain.Figure(c.Recall.Value),10}{Plain.Figure(c.F1.Value),10}");
    }

    private void WriteConfusions(ScanResult result)
    {
        if (result.Confusions.Count == 0)
            return;
        long errors = result.Confusions.Sum(c => c.Count);
        Title($"{"Most frequent confusions",-66}{"rows",12}{"of errors",12}");
        foreach (var c in result.Confusions.Take(Shown))
        {
            string pair = $"{Plain.Name(c.Label, 30)} taken for {Plain.Name(c.Pred, 23)}";
            Line($"  {pair,-64}{Plain.Count(c.Count),12}{Plain.Percent(c.Count, errors),12}");
        }
    }

    private void WriteCalibration(CalibrationResult? calibration)
    {
        if (calibration is null || calibration.Curve.All(bin => bin.Rows == 0))
            return;
        string temperature = calibration.Temperature is double t ? $", temperature {Plain.Figure(t)} ({(t > 1 ? "over" : "under")}-confident)" : "";
        Title($"Calibration: ECE {Plain.Figure(calibration.Ece)}, MCE {Plain.Figure(calibration.Mce)}{temperature}");
        double most = calibration.Curve.Max(bin => bin.Rows);
        Line($"  what the model says  0 {Bars(calibration.Curve.Select(bin => bin.Confidence))} 1   mean confidence in each bin");
        Line($"  what comes true        {Bars(calibration.Curve.Select(bin => bin.Accuracy.Value))}     accuracy");
        Line($"  rows                   {Bars(calibration.Curve.Select(bin => bin.Rows == 0 ? (double?)null : bin.Rows / most))}     {Plain.Count(calibration.Curve.Sum(bin => bin.Rows))} in all");
    }

    private void WriteLabels(LabelIssueResult? issues)
    {
        if (issues is null)
            return;
        Title(LabelSummary.Title(issues));
        foreach (var (name, figure, meaning) in LabelSummary.Lines(issues))
            Line($"  {name,-24}{figure,10}   {meaning}".TrimEnd());
    }

    private void WriteNeighbors(ScanResult result)
    {
        if (result.Neighbors is not { } neighbors)
            return;
        Title(EmbeddingSummary.Title(neighbors));
        foreach (var (name, figure, meaning, alarm) in EmbeddingSummary.Lines(result))
        {
            string shown = $"{figure,10}";
            Line($"  {name,-24}{(alarm ? palette.Red(shown) : shown)}   {meaning}".TrimEnd());
        }
    }

    private void WriteFit(FitResult? fit)
    {
        if (fit is null)
            return;
        string verdict = fit.Verdict.Replace('_', ' ');
        Title($"Fit: {verdict}");
        foreach (string line in Plain.Wrap(fit.Why, Width - 2))
            Line("  " + (fit.Verdict is FitResult.Good or FitResult.CannotTell ? line : palette.Red(line)));
        foreach (var reason in fit.Reasons)
            Line($"  {reason.Name.Replace('_', ' '),-28}{Plain.Figure(reason.Figure.Value),8}   {Plain.Interval(reason.Figure)}".TrimEnd());
        foreach (var c in fit.Classes.Where(c => c.Verdict is not (FitResult.Good or FitResult.CannotTell)).OrderByDescending(c => c.Gap.Value).Take(Shown))
            Line($"  {Plain.Name(c.Class, 20)}: {c.Verdict}, recall {Plain.Figure(c.TrainRecall.Value)} on training, {Plain.Figure(c.TestRecall.Value)} on new rows");
    }

    private void WritePipeline(PipelineResult? pipeline)
    {
        if (pipeline is null)
            return;
        int passed = pipeline.Checks.Count(c => c.Status == PipelineCheck.Passing), failed = pipeline.Failed.Count();
        Title($"Pipeline: {Plain.Count(passed)} checks passed, {Plain.Count(failed)} failed, {Plain.Count(pipeline.Checks.Count - passed - failed)} do not apply");
        foreach (var check in pipeline.Failed)
            Line($"  {palette.Red($"{check.Code.Replace('_', ' '),-24}")}{Plain.Figure(check.Value),10}   {check.Statistic}");
    }

    private void WriteFindings(IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
            return;
        Title("Findings");
        foreach (var finding in findings.Take(2 * Shown))
        {
            string severity = $"{finding.Severity,-6}";
            string mark = finding.Severity switch { "high" => palette.Red(severity), "medium" => palette.Yellow(severity), _ => palette.Dim(severity) };
            bool first = true;
            foreach (string line in Plain.Wrap(Plain.Name(finding.Title), Width - 10))
            {
                Line($"  {(first ? mark : "      ")}  {line}");
                first = false;
            }
            foreach (string line in Plain.Wrap("→ " + Plain.Name(finding.Action), Width - 10))
                Line("          " + palette.Green(line));
        }
        if (findings.Count > 2 * Shown)
            Line(palette.Dim($"  and {Plain.Count(findings.Count - (2 * Shown))} more in summary.json"));
    }

    private void WriteCauses(CauseResult? causes)
    {
        if (causes is not { Errors: > 0 })
            return;
        Title($"{$"Causes of {Plain.Count(causes.Errors)} error{(causes.Errors == 1 ? "" : "s")}",-26}{"errors",10}{"share",10}");
        foreach (string line in CausesSummary.Lines(causes))
            Line(line);
    }

    private void WriteActions(IReadOnlyList<ActionResult> actions)
    {
        if (actions.Count == 0)
            return;
        Title("What to do, by gain in accuracy (points; gains overlap)");
        foreach (var (head, body) in CausesSummary.Actions(actions))
        {
            bool first = true;
            foreach (string line in Plain.Wrap(Plain.Name(body), Width - head.Length - 2))
            {
                Line("  " + (first ? palette.Green(head) : new string(' ', head.Length)) + line);
                first = false;
            }
        }
    }

    private void WriteFiles(ScanOutcome outcome, string folder)
    {
        Title($"Written to {Plain.Name(folder)}");
        Line($"  {HtmlReport.FileName,-22}{palette.Dim(HtmlReport.Holds)}");
        foreach (var report in ReportCatalog.All.Where(r => r.Applies(outcome)))
            Line($"  {report.FileName,-22}{palette.Dim(report.Holds)}");
    }

    private void Title(string text)
    {
        output.Write('\n');
        Line(palette.Bold(text.TrimEnd()));
    }

    private void Line(string text)
    {
        output.Write(text);
        output.Write('\n');
    }

    private static string SegmentName(SegmentResult segment)
        => Plain.Name($"{segment.Column} = {(segment.IsNull ? "(none)" : segment.Value)}", 34);

    private static string Bars(IEnumerable<double?> values)
        => string.Concat(values.Select(v => v is double share ? "▁▂▃▄▅▆▇█"[(int)Math.Clamp(share * 8, 0, 7)] : ' '));
}
