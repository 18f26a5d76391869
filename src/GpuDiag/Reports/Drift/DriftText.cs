using System.Globalization;
using GpuDiag.Analyses.Drift;
using GpuDiag.Analyses.Scan;

namespace GpuDiag.Reports.Drift;

/// <summary>A comparison for people, within 100 columns.</summary>
internal sealed class DriftText(TextWriter output, Palette palette)
{
    private const int Width = 100;
    private const int MostColumns = 20;

    public void Write(IReadOnlyList<DriftResult> results, RunInfo run, string folder, TimeSpan elapsed, IReadOnlyList<(string File, string Holds)> files)
    {
        var result = results[^1];
        string last = results.Count > 1 ? $" in the last of {results.Count} datasets" : " now";
        Line(palette.Bold($"{Plain.Count(result.ReferenceRows)} rows of reference, {Plain.Count(result.CurrentRows)} rows{last}") + $", {result.Columns.Count} columns compared");
        if (run.Roles.Count > 0)
            Lines(palette.Dim, "Columns: " + string.Join("; ", run.Roles.Select(r => $"{r.Role} = {Plain.Name(r.Column, 40)} ({r.How})")));
        Lines(palette.Dim, $"Device: {run.Device.Backend}, {run.Device.Name} ({run.Device.Reason}); {Plain.Seconds(elapsed)}");
        foreach (var skipped in run.Skipped)
            Line(palette.Yellow($"Skipped: {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}"));
        WriteNotCompared(result);
        if (results.Count > 1)
            WriteSeries(results);
        WriteColumns(result);
        new DriftAccuracyText(output, palette).Write(result);
        Line("");
        Line(palette.Bold($"Written to {Plain.Name(folder)}"));
        foreach (var (file, holds) in files)
            Line($"  {file,-22}{palette.Dim(holds)}");
    }

    private void WriteSeries(IReadOnlyList<DriftResult> results)
    {
        Line("");
        bool measured = results.Any(r => r.Accuracy?.Current is not null), estimated = results.Any(r => r.Accuracy?.Estimated is not null);
        Line(palette.Bold($"{"Dataset",9}{"rows",14}{"drifted",9}" + (measured ? $"{"accuracy",10}" : "") + (estimated ? $"{"estimate",10}" : "") + "  greatest effects"));
        for (int i = 0; i < results.Count; i++)
        {
            var r = results[i];
            string greatest = string.Join(", ", r.Columns.Where(c => c.Drifted).OrderByDescending(c => c.Effect).Take(3).Select(c => $"{Plain.Name(c.Column, 12)} {Plain.Figure(c.Effect)}"));
            Line($"{i + 1,9}{Plain.Count(r.CurrentRows),14}{r.Drifted,9}" + (measured ? $"{Plain.Figure(r.Accuracy?.Current?.Value),10}" : "") + (estimated ? $"{Plain.Figure(r.Accuracy?.Estimated?.Value),10}" : "") + "  " + greatest);
        }
        Line("");
        Line(palette.Bold($"Dataset {results.Count}"));
    }

    private void WriteColumns(DriftResult result)
    {
        var order = result.Columns.OrderByDescending(c => c.Drifted).ThenByDescending(c => Math.Max(c.Effect ?? 0, c.Missing.Drifted ? c.Missing.Effect : 0)).ToList();
        Line("");
        string limits = $"effect from {result.Effect.ToString("R", CultureInfo.InvariantCulture)}, q up to {result.Alpha.ToString("R", CultureInfo.InvariantCulture)}";
        Line(result.Drifted > 0
            ? palette.Bold($"{result.Drifted} of {result.Columns.Count} columns drifted") + palette.Dim($" ({limits})")
            : palette.Bold("No column drifted") + palette.Dim($" ({limits})"));
        Line(palette.Bold($"  {"",-2}{"column",-24}{"kind",-13}{"method",-8}{"statistic",11}{"effect",9}{"q-value",9}"));
        foreach (var c in order.Take(MostColumns))
        {
            string mark = c.Drifted ? "!" : "";
            string text = $"  {mark,-2}{Plain.Name(c.Column, 22),-24}{DriftKinds.Name(c.Kind),-13}{c.Method ?? "–",-8}{(c.Statistic is double s ? Plain.Magnitude(s) : "–"),11}{Plain.Figure(c.Effect),9}{Plain.Probability(c.QValue),9}";
            Line(c.Drifted ? palette.Yellow(text) : text);
            if (c.Drifted)
            {
                foreach (string change in Changes(c))
                    Lines(t => t, change, "      ");
            }
        }
        if (order.Count > MostColumns)
            Line(palette.Dim($"  … {order.Count - MostColumns} more in columns.parquet"));
    }

    /// <summary>What a person would say of a drifted column.</summary>
    private static IEnumerable<string> Changes(ColumnDrift c)
    {
        if (c.Missing.Drifted)
            yield return $"missing in {Share(c.Missing.ReferenceShare)} → {Share(c.Missing.CurrentShare)} of the rows";
        if (c.Method is null)
        {
            yield return c.Reference.Values == 0 ? "the reference has no value here" : "the current data has no value here";
            yield break;
        }
        if (c.Reference.Numbers is { } before && c.Current.Numbers is { } after)
        {
            yield return $"mean {Plain.Magnitude(before.Mean)} → {Plain.Magnitude(after.Mean)}, median {Plain.Magnitude(before.Median)} → {Plain.Magnitude(after.Median)}, sd {Plain.Magnitude(before.Sd)} → {Plain.Magnitude(after.Sd)}";
        }
        else if (c.Kind == DriftKind.Embedding)
        {
            yield return $"a linear classifier would tell the sides apart with an AUC of {Plain.Figure(c.Measures.First(m => m.Name == "domain_auc").Value)}; mean directions are {Plain.Figure(c.Measures.First(m => m.Name == "mean_shift").Value)} apart";
        }
        else
        {
            yield return string.Join(", ", c.Shares.Take(3).Select(s => $"{Plain.Name(s.Value, 24)} {Share(s.Reference)} → {Share(s.Current)}"));
            if (c.OneSided is { New: > 0 } or { Vanished: > 0 })
                yield return $"{Plain.Count(c.OneSided!.New)} values are new ({Share(c.OneSided.NewShare)} of the rows now), {Plain.Count(c.OneSided.Vanished)} are gone ({Share(c.OneSided.VanishedShare)} of the reference)";
        }
    }

    private void WriteNotCompared(DriftResult result)
    {
        if (result.NotCompared.Count == 0)
            return;
        Lines(palette.Yellow, "Not compared: " + string.Join("; ", result.NotCompared.Take(10).Select(c => $"{Plain.Name(c.Column, 30)} ({Plain.Name(c.Reason)})"))
            + (result.NotCompared.Count > 10 ? $"; {result.NotCompared.Count - 10} more in summary.json" : ""));
    }

    private static string Share(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private void Lines(Func<string, string> colour, string text, string indent = "")
    {
        foreach (string line in Plain.Wrap(text, Width - indent.Length))
            Line(indent + colour(line));
    }

    private void Line(string text) => output.Write(text.TrimEnd() + "\n");
}
