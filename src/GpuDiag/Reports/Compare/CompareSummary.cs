using GpuDiag.Analyses.Compare;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports.Html;

namespace GpuDiag.Reports.Compare;

/// <summary>A comparison for people, within 100 columns: what changed, is it real, where is it worse.</summary>
internal sealed class CompareSummary(TextWriter output, Palette palette)
{
    private const int Width = 100;
    private const int Shown = 5;

    private static readonly string[] Headline =
    [
        "accuracy", "balanced_accuracy", "precision", "recall", "f1", "specificity", "precision_macro", "recall_macro", "f1_macro", "cohen_kappa", "matthews_corrcoef",
        "roc_auc", "average_precision", "roc_auc_macro", "average_precision_macro", "log_loss", "brier", "ece",
    ];

    /// <param name="folder">Where the files are.</param>
    /// <param name="elapsed">From the start of the process.</param>
    public void Write(CompareOutcome outcome, string folder, TimeSpan elapsed)
    {
        var (result, run) = (outcome.Result, outcome.Run);
        WriteHead(result, run, elapsed);
        WriteTable(result.Overall);
        WriteMetrics(result.Overall.Metrics);
        WriteSegments(result.Segments);
        WriteClusters(result);
        WriteSlices(result);
        WriteClasses(result.Classes);
        WriteCases(result.Cases);
        WriteVerdict(result);
        Title($"Written to {Plain.Name(folder)}");
        Line($"  {HtmlReport.FileName,-22}{palette.Dim(HtmlReport.Holds)}");
        foreach (var report in CompareReports.All.Where(r => r.Applies(outcome)))
            Line($"  {report.FileName,-22}{palette.Dim(report.Holds)}");
    }

    /// <summary>The verdict in a sentence.</summary>
    public static string Sentence(CompareResult result)
    {
        var delta = result.Overall.Accuracy.Delta;
        string points = $"{Points(delta.Value)} points of accuracy ({Points(delta.Low)} to {Points(delta.High)}, McNemar p = {Plain.Probability(result.Overall.McNemar.PValue)})";
        return result.Overall.Verdict switch
        {
            CompareVerdict.Better => $"AFTER is better: {points}.",
            CompareVerdict.Worse => $"AFTER is worse: {points}.",
            CompareVerdict.NotWorse => $"AFTER is not worse by more than the margin of {Points(result.Margin)[1..]} points: {points}.",
            _ => $"It cannot be told whether AFTER is worse by more than the margin of {Points(result.Margin).TrimStart('+')} points: {points}. More rows would tell.",
        };
    }

    private static string Points(double? share)
        => share is double v ? (v * 100).ToString("+0.00;−0.00;0.00", System.Globalization.CultureInfo.InvariantCulture) : "–";

    private static string Signed(double? value)
        => value is double v ? v.ToString("+0.0000;−0.0000;0.0000", System.Globalization.CultureInfo.InvariantCulture) : "–";

    private static string Span(Estimate delta) => delta is { Low: double low, High: double high } ? $"{Signed(low)} to {Signed(high)}" : "";

    private void WriteHead(CompareResult result, RunInfo run, TimeSpan elapsed)
    {
        var join = result.Join;
        Line($"{palette.Bold($"{Plain.Count(result.Overall.Table.Rows)} rows compared")}, {Plain.Count(result.ClassNames.Count)} classes, {result.Task}"
            + (result.PositiveClass is string positive ? $", positive class {Plain.Name(positive, 30)}" : ""));
        Lines(palette.Dim, "Columns: " + string.Join("; ", run.Roles.GroupBy(r => (r.Role, r.How)).Select(g => $"{g.Key.Role} = {string.Join(", ", g.Select(r => Plain.Name(r.Column, 40)))} ({g.Key.How})")));
        Lines(palette.Dim, $"Device: {run.Device.Backend}, {run.Device.Name} ({run.Device.Reason}); {Plain.Seconds(elapsed)}");
        Lines(t => t, join.By switch
        {
            "id" => $"Matched by id: {Plain.Count(join.Matched)} of {Plain.Count(join.BeforeRows)} rows of BEFORE and {Plain.Count(join.AfterRows)} of AFTER",
            "order" => $"Matched by order: {Plain.Count(join.Matched)} rows, whose labels agree",
            _ => "Both predictions stand in one table",
        });
        var excluded = result.Excluded;
        string left = string.Join(", ", new (string Reason, long Rows)[]
        {
            ("of BEFORE whose id AFTER lacks", join.OnlyBefore), ("of AFTER whose id BEFORE lacks", join.OnlyAfter),
            ("of BEFORE whose id is not unique", join.RepeatedBefore), ("of AFTER whose id is not unique", join.RepeatedAfter),
            ("of BEFORE without an id", join.NullIdBefore), ("of AFTER without an id", join.NullIdAfter),
            ("without a label", excluded.NullLabel), ("whose labels disagree", excluded.LabelDisagrees),
            ("without a prediction of BEFORE", excluded.NullPredBefore), ("without a prediction of AFTER", excluded.NullPredAfter),
        }.Where(e => e.Rows > 0).Select(e => $"{Plain.Count(e.Rows)} {e.Reason}"));
        if (left.Length > 0)
            Lines(palette.Yellow, "Left out: rows " + left);
        foreach (var skipped in run.Skipped)
            Line(palette.Yellow($"Skipped: {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}"));
    }

    private void WriteTable(PairedGroup all)
    {
        var t = all.Table;
        Title($"{"Rows",-26}{"AFTER right",14}{"AFTER wrong",14}");
        Line($"  {"BEFORE right",-24}{Plain.Count(t.BothRight),14}{Plain.Count(t.OnlyBefore),14}   broken: {Flips(all.NegativeFlipRate)}");
        Line($"  {"BEFORE wrong",-24}{Plain.Count(t.OnlyAfter),14}{Plain.Count(t.BothWrong),14}   fixed: {Flips(all.PositiveFlipRate)}");
        Line($"  {"backward trust",-24}{Plain.Figure(all.BackwardTrust.Value),14}   of what BEFORE has right AFTER has right too");
        Line($"  {"error compatibility",-24}{Plain.Figure(all.ErrorCompatibility.Value),14}   of what AFTER has wrong BEFORE had wrong too");

        static string Flips(Estimate rate) => $"{Plain.Figure(rate.Value)} of rows ({Plain.Interval(rate)})";
    }

    private void WriteMetrics(IReadOnlyList<MetricDelta> metrics)
    {
        Title($"{"Metrics",-26}{"before",10}{"after",10}{"change",11}   {"95 % interval"}");
        foreach (string name in Headline)
        {
            var metric = metrics.FirstOrDefault(m => m.Name == name);
            if (metric.Before.Value is not null || metric.After.Value is not null)
                Line($"  {name,-24}{Plain.Figure(metric.Before.Value),10}{Plain.Figure(metric.After.Value),10}{Signed(metric.Delta.Value),11}   {Span(metric.Delta)}");
        }
    }

    private void WriteSegments(IReadOnlyList<PairedGroup> segments)
    {
        var tested = segments.Where(s => s.PValue is not null).ToList();
        if (tested.Count == 0)
            return;
        Head($"Of {Plain.Count(segments.Count)} segments, worst and best");
        foreach (var s in Ends(tested))
            Group($"{s.Column} = {s.Value}", s.Table, s.Accuracy.Delta, s.QValue, s.Verdict);
    }

    private void WriteClusters(CompareResult result)
    {
        if (result.ClusterOrigin is { Reason: string reason } missing)
        {
            output.Write('\n');
            Lines(palette.Dim, $"No clusters from {Plain.Name(missing.Source, 60)}: {reason}.");
        }
        var tested = (result.Clusters ?? []).Where(c => c.Group.PValue is not null).ToList();
        if (tested.Count == 0)
            return;
        Head($"Of {Plain.Count(result.Clusters!.Count)} clusters, worst and best");
        foreach (var c in Ends(tested))
        {
            var often = c.OverRepresented.Take(2).Select(v => $"{v.Column}={v.Value ?? "null"}").ToList();
            Group(c.Cluster.ToString(System.Globalization.CultureInfo.InvariantCulture) + (often.Count > 0 ? $" ({string.Join(", ", often)})" : ""), c.Group.Table, c.Group.Accuracy.Delta, c.Group.QValue, c.Group.Verdict);
        }
    }

    private void WriteSlices(CompareResult result)
    {
        var found = result.Slices.Take(Shown).ToList();
        if (found.Count == 0)
            return;
        Head($"Of {Plain.Count(result.SliceSearch!.Candidates)} combinations, most broken");
        foreach (var s in found)
        {
            if (s.Slice.Text.Length > 34)
                Lines(t => t, "  " + Plain.Name(s.Slice.Text), 2);
            Group(s.Slice.Text.Length > 34 ? "" : s.Slice.Text, s.Table, s.Delta, s.QValue, s.Verdict);
        }
    }

    private void WriteCases(CasesResult? cases)
    {
        if (cases is null)
            return;
        var t = cases.Table;
        Title($"Cases: {Plain.Count(t.Rows)} of the {Plain.Count(cases.Cases)} in {Plain.Name(cases.Source, 50)}");
        Lines(t => t, $"  {Plain.Count(t.OnlyAfter)} of the {Plain.Count(t.OnlyAfter + t.BothWrong)} that BEFORE has wrong are fixed: {Plain.Figure(cases.Fixed.Value)} ({Plain.Interval(cases.Fixed)}).", 2);
        Lines(palette.Dim, "  They were chosen because BEFORE failed on them, so some would be right by chance after any retraining (regression to the mean).", 2);
        if (cases.OtherFixed.Value is not null)
            Lines(t => t, $"  Of the {Plain.Count(cases.OtherErrors)} other errors of BEFORE {Plain.Figure(cases.OtherFixed.Value)} are fixed: the cases gained {Signed(cases.Excess.Value)} ({Span(cases.Excess)}) beyond that.", 2);
        else
            Lines(t => t, "  BEFORE has no other errors to hold this against.", 2);
        if (cases.Neighbors.Rows > 0)
            Lines(t => t, $"  Honest estimate, on {Plain.Count(cases.Neighbors.Rows)} neighbours of the cases, chosen whatever BEFORE makes of them: accuracy {Plain.Figure(cases.NeighborsBefore.Value)} before, {Plain.Figure(cases.NeighborsAfter.Value)} after, {Signed(cases.NeighborsDelta.Value)} ({Span(cases.NeighborsDelta)}): {Word(cases.NeighborsVerdict)}.", 2);
        else
            Lines(t => t, "  There are no neighbours of the cases to estimate honestly by: give the folder of a scan with an embedding.", 2);
        foreach (var group in cases.Causes.Take(Shown))
            Line($"  cause {Plain.Name(group.Name, 28),-28}{Plain.Count(group.Table.OnlyAfter + group.Table.BothWrong),10} wrong before, {Plain.Count(group.Table.OnlyAfter)} fixed: {Plain.Figure(group.Fixed.Value)}");
        foreach (var group in cases.Clusters.Take(Shown))
            Line($"  cluster {Plain.Name(group.Name, 26),-26}{Plain.Count(group.Table.OnlyAfter + group.Table.BothWrong),10} wrong before, {Plain.Count(group.Table.OnlyAfter)} fixed: {Plain.Figure(group.Fixed.Value)}");
    }

    private static string Word(CompareVerdict verdict) => verdict switch
    {
        CompareVerdict.Better => "better",
        CompareVerdict.NotWorse => "not worse",
        CompareVerdict.Worse => "worse",
        _ => "can't tell",
    };

    private void WriteClasses(IReadOnlyList<ClassPair> classes)
    {
        var tested = classes.Where(c => c.PValue is not null).OrderBy(c => c.Recall.Delta.Value).ToList();
        if (tested.Count == 0)
            return;
        Head($"Recall of {Plain.Count(classes.Count)} classes, worst and best");
        foreach (var c in Ends(tested))
            Group(c.Class, c.Table, c.Recall.Delta, c.QValue, c.Verdict);
    }

    private void WriteVerdict(CompareResult result)
    {
        Title("Verdict");
        Lines(result.Overall.Verdict switch { CompareVerdict.Better => palette.Green, CompareVerdict.Worse => palette.Red, _ => t => t }, "  " + Sentence(result), 2);
        if (result.Regressions.Count == 0)
        {
            Lines(t => t, "  No class, segment, cluster or combination is surely worse.", 2);
            return;
        }
        Lines(palette.Red, $"  Surely worse in {Plain.Count(result.Regressions.Count)} {(result.Regressions.Count == 1 ? "group" : "groups")}, whatever the whole says:", 2);
        foreach (var r in result.Regressions.Take(Shown))
            Lines(t => t, $"    {r.Kind} {Plain.Name(r.Group, 60)}: {Points(r.Delta.Value)} points ({Points(r.Delta.Low)} to {Points(r.Delta.High)}), {Plain.Count(r.Table.OnlyBefore)} rows broken, {Plain.Count(r.Table.OnlyAfter)} fixed", 4);
    }

    private static List<T> Ends<T>(List<T> ranked) => ranked.Count <= Shown + 3 ? ranked : [.. ranked.Take(Shown), .. ranked.TakeLast(3)];

    private void Head(string title) => Title($"{title,-36}{"rows",10}{"broken",8}{"fixed",8}{"change",10}  {"q-value",-9}verdict");

    private void Group(string name, PairTable table, Estimate delta, double? q, CompareVerdict verdict)
    {
        string word = Word(verdict);
        word = verdict switch { CompareVerdict.Better => palette.Green(word), CompareVerdict.Worse => palette.Red(word), _ => word };
        Line($"  {Plain.Name(name, 34),-34}{Plain.Count(table.Rows),10}{Plain.Count(table.OnlyBefore),8}{Plain.Count(table.OnlyAfter),8}{Signed(delta.Value),10}  {Plain.Probability(q),-9}{word}");
    }

    private void Title(string text)
    {
        output.Write('\n');
        Line(palette.Bold(text.TrimEnd()));
    }

    private void Lines(Func<string, string> colour, string text, int indent = 0)
    {
        foreach (string line in Plain.Wrap(text, Width - indent))
            Line(new string(' ', indent) + colour(line));
    }

    private void Line(string text) => output.Write(text.TrimEnd() + "\n");
}
