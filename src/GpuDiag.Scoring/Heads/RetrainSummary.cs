using System.Globalization;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports;
using GpuDiag.Reports.Html;

namespace GpuDiag.Scoring.Heads;

/// <summary>A retrained head in short: for people within 100 columns, and as summary.json (schema <c>gpudiag/retrain/1</c>).</summary>
internal static class RetrainSummary
{
    private const int Width = 100;

    public static RunInfo Run(RetrainResult result, string version, string command, RetrainOptions options) => new()
    {
        Version = version,
        Command = command,
        Roles = result.Roles,
        Device = new DeviceUsed("cpu", $"{result.Threads} threads", "heads are fitted on the CPU"),
        Threads = result.Threads,
        Seed = options.Seed,
        // The cases are told by the inputs.
        Options = GivenOptions.Of(options with { Cases = null }, new RetrainOptions { Train = [] }),
        Inputs = result.Files,
        Skipped = result.Skipped,
        Timings = result.Timings,
    };

    public static void WriteJson(Stream stream, RetrainResult result, RunInfo run)
    {
        using (var json = new Json(stream))
        {
            var w = json.Tall;
            w.WriteStartObject();
            w.WriteString("schema", "gpudiag/retrain/1");
            w.WriteNumber("train_rows", result.TrainRows);
            w.WriteNumber("new_rows", result.NewRows);
            w.WriteNumber("relabelled", result.Relabelled);
            w.WriteNumber("unlabelled", result.Unlabelled);
            w.WriteNumber("unknown_ids", result.Unknown);
            w.WriteNumber("excluded", result.Excluded);
            w.WriteNumber("dimensions", result.Head.Width);
            w.WriteStartArray("classes");
            for (int k = 0; k < result.ClassRows.Count; k++)
            {
                string name = result.Head.Classes[k];
                json.Line(line =>
                {
                    line.WriteStartObject();
                    line.WriteString("class", name);
                    line.WriteNumber("rows", result.ClassRows[result.Head.Classes.ToList().IndexOf(name)]);
                    line.WriteBoolean("new", result.NewClasses.Contains(name));
                    line.WriteEndObject();
                });
            }
            w.WriteEndArray();
            Json.Number(w, "c", result.C);
            if (result.WarmClasses is int known)
                w.WriteNumber("warm_classes", known);
            w.WriteBoolean("balanced", result.Balanced);
            w.WriteNumber("folds", result.Folds);
            w.WriteStartArray("tried");
            foreach (var (c, loss) in result.Tried)
            {
                json.Line(line =>
                {
                    line.WriteStartObject();
                    Json.Number(line, "c", c);
                    Json.Number(line, "log_loss", loss);
                    line.WriteEndObject();
                });
            }
            w.WriteEndArray();
            w.WriteNumber("steps", result.Steps);
            w.WriteNumber("passes", Math.Round(result.Passes, 1));
            w.WriteBoolean("converged", result.Converged);
            json.Estimate("out_of_fold_accuracy", result.OutOfFold);
            if (result.Test is { } test)
            {
                w.WriteStartObject("test");
                w.WriteNumber("rows", test.Rows);
                w.WriteNumber("evaluated", test.Evaluated);
                json.Estimate("accuracy", test.After);
                if (test.Before is { } before)
                {
                    json.Estimate("accuracy_before", before);
                    w.WriteNumber("mended", test.Mended);
                    w.WriteNumber("broken", test.Broken);
                }
                Json.Number(w, "cases", test.Cases);
                if (test.Cases is not null)
                    w.WriteNumber("cases_right", test.CasesRight);
                w.WriteStartArray("unseen_classes");
                foreach (string name in test.UnseenClasses)
                    w.WriteStringValue(name);
                w.WriteEndArray();
                w.WriteEndObject();
            }
            else
            {
                w.WriteNull("test");
            }
            ProvenanceJson.Write(json, "retrain", run);
            w.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    public static void WriteText(TextWriter output, Palette palette, RetrainResult result, string folder, TimeSpan elapsed)
    {
        Line(palette.Bold($"A linear head for {result.Head.Classes.Count} classes on {result.Head.Width} dimensions") + $", from {Plain.Count(result.TrainRows)} rows and {Plain.Count(result.NewRows)} newly labelled ones; {Plain.Seconds(elapsed)}");
        Lines(palette.Dim, "Columns: " + string.Join("; ", result.Roles.Select(r => $"{r.Role} = {Plain.Name(r.Column, 40)} ({r.How})")));
        foreach (var skipped in result.Skipped)
            Line(palette.Yellow($"Skipped: {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}"));
        if (result.Relabelled > 0)
            Line($"{Plain.Count(result.Relabelled)} training rows have another label now");
        if (result.NewClasses.Count > 0)
            Lines(palette.Yellow, $"New classes, which the old training set did not have: {Plain.Name(string.Join(", ", result.NewClasses), 80)}");
        if (result.Unlabelled > 0)
            Line(palette.Yellow($"{Plain.Count(result.Unlabelled)} rows are not labelled yet"));
        if (result.Unknown > 0)
            Line(palette.Yellow($"Left out: {Plain.Count(result.Unknown)} labels of ids that neither pool nor training set has"));
        if (result.Excluded > 0)
            Line(palette.Yellow($"Left out: {Plain.Count(result.Excluded)} rows without a label or a usable vector"));
        if (!result.Converged)
            Lines(palette.Yellow, $"The fit ended after {result.Steps} steps before its tolerance: embeddings of very different scales make it slow");
        if (result.WarmClasses is int known)
            Line($"Started from an earlier head, which knows {known} of the {result.Head.Classes.Count} classes");
        string searched = result.Tried.Count == 0 ? "not searched for" : $"of {result.Tried.Count} tried, by log-loss over {result.Folds} folds";
        Line($"L2: C = {result.C.ToString("G6", CultureInfo.InvariantCulture)} ({searched}){(result.Balanced ? ", classes balanced" : "")}; {result.Steps} steps, {result.Passes.ToString("0", CultureInfo.InvariantCulture)} passes over the rows in all");
        output.Write('\n');
        Line(palette.Bold($"{"Accuracy",-44}{"value",10}   95 % interval"));
        Line($"  {"train, out of fold",-42}{Plain.Figure(result.OutOfFold.Value),10}   {Plain.Interval(result.OutOfFold)}");
        if (result.Test is { } test)
        {
            if (test.Before is { } before)
                Line($"  {"test, before",-42}{Plain.Figure(before.Value),10}   {Plain.Interval(before)}");
            Line($"  {"test, with the new head",-42}{Plain.Figure(test.After.Value),10}   {Plain.Interval(test.After)}");
            if (test.Before is not null)
                Line($"  of {Plain.Count(test.Evaluated)} test rows {Plain.Count(test.Mended)} were wrong and are right, {Plain.Count(test.Broken)} were right and are wrong");
            if (test.Cases is long cases)
                Line($"  of {Plain.Count(cases)} challenge cases {Plain.Count(test.CasesRight)} are right now");
            if (test.UnseenClasses.Count > 0)
                Lines(palette.Yellow, $"Test has classes that no training row has, so that every such row is wrong: {Plain.Name(string.Join(", ", test.UnseenClasses), 80)}");
        }
        output.Write('\n');
        Line(palette.Bold($"Written to {Plain.Name(folder)}"));
        Line($"  {HtmlReport.FileName,-22}{palette.Dim(HtmlReport.Holds)}");
        Line($"  {"head.onnx",-22}{palette.Dim("the head: gpudiag score runs it on embeddings")}");
        if (result.Test is not null)
            Line($"  {"test.parquet",-22}{palette.Dim("the test data with its predictions: gpudiag scan reads it")}");
        Line($"  {"train.parquet",-22}{palette.Dim("all rows it was fitted to, predicted out of fold")}");
        Line($"  {"classes.txt",-22}{palette.Dim("the classes in the order of the probabilities")}");
        Line($"  {"run.json",-22}{palette.Dim("version, command, columns taken, timings")}");
        Line($"  {"summary.json",-22}{palette.Dim("these figures, for machines")}");
        if (result.Test is not null)
            Line($"Next: gpudiag scan {Plain.Name(folder)}/test.parquet --classes {Plain.Name(folder)}/classes.txt --train {Plain.Name(folder)}/train.parquet");

        void Lines(Func<string, string> colour, string text)
        {
            foreach (string line in Plain.Wrap(text, Width))
                Line(colour(line));
        }

        void Line(string text) => output.Write(text.TrimEnd() + "\n");
    }
}
