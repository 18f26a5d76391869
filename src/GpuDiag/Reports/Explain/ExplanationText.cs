using GpuDiag.Analyses.Causes;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.Explain;

/// <summary>An explanation for people, on one screen of 100 columns.</summary>
internal sealed class ExplanationText(TextWriter output, Palette palette)
{
    private const int Width = 100;
    private const int Neighbors = 5;

    public void Write(Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        RowResult row = explanation.Row;
        string verdict = row.Correct switch { true => palette.Green("right"), false => palette.Red("wrong"), _ => "not judged: a label or prediction is missing" };
        Line($"{palette.Bold($"Row {Plain.Count(row.Row)}")}{(row.Id is string id ? $", id {Plain.Name(id, 40)}" : "")}: labelled {Plain.Name(row.Label ?? "(none)", 30)}, predicted {Plain.Name(row.Pred ?? "(none)", 30)}: {verdict}");
        if (row.Cause is string cause)
            Line($"Cause: {palette.Yellow(cause)}, {CauseNames.Meaning(CauseNames.All.First(c => CauseNames.Name(c) == cause))}");
        WriteProbabilities(explanation);
        WriteNeighbors(explanation);
        WriteEvidence(explanation);
        WriteChanges(explanation);
    }

    private void WriteProbabilities(Explanation explanation)
    {
        RowResult row = explanation.Row;
        if (explanation.Probabilities.Count == 0)
        {
            if (row.Confidence is double confidence)
                Line($"Confidence {Plain.Figure(confidence)}");
            return;
        }
        Title($"Probabilities (margin {Plain.Figure(explanation.Margin)}, loss {Plain.Figure(row.Loss)})");
        foreach (var p in explanation.Probabilities)
        {
            string mark = p.Class == row.Pred ? " predicted" : p.Class == row.Label ? " label" : "";
            Line($"  {p.Rank,3}  {Plain.Name(p.Class, 30),-30}{Plain.Figure(p.Probability),8}  {new string('█', (int)(p.Probability * 30))}{mark}");
        }
    }

    private void WriteNeighbors(Explanation explanation)
    {
        RowResult row = explanation.Row;
        if (explanation.Neighbors.Count == 0)
            return;
        string cluster = row.Cluster is int c ? $"; cluster {c}" : "";
        Title($"Neighbours: {Share(row.LabelAgreement)} have its label, {Share(row.PredAgreement)} its prediction; farther out than {Share(row.OutlierPercentile)} of the rows{cluster}");
        foreach (var source in explanation.Neighbors.GroupBy(n => n.Source))
        {
            foreach (var n in source.Take(Neighbors))
                Line($"  {source.Key,-6}{n.Rank,3}  {Plain.Name(n.Neighbor, 36),-36}  {Plain.Name(n.Label ?? "(none)", 24),-24}{Plain.Magnitude(n.Distance),12}");
        }
    }

    private void WriteEvidence(Explanation explanation)
    {
        if (explanation.Evidence.Count == 0)
            return;
        Title("Evidence, in the order in which it decides");
        foreach (var e in explanation.Evidence)
        {
            bool first = true;
            foreach (string line in Plain.Wrap(Plain.Name(e.Figures), Width - 31))
            {
                string head = first ? $"  {(e.Shown ? palette.Yellow("for") : palette.Dim("no ")),-3}  {e.Cause,-24}" : new string(' ', 31);
                Line(head + line);
                first = false;
            }
        }
    }

    private void WriteChanges(Explanation explanation)
    {
        if (explanation.WouldChange.Count == 0)
            return;
        Title("What would change it");
        foreach (string change in explanation.WouldChange)
        {
            bool first = true;
            foreach (string line in Plain.Wrap(Plain.Name(change), Width - 4))
            {
                Line((first ? "  · " : "    ") + line);
                first = false;
            }
        }
    }

    private void Title(string text)
    {
        output.Write('\n');
        foreach (string line in Plain.Wrap(text, Width))
            Line(palette.Bold(line));
    }

    private void Line(string text)
    {
        output.Write(text);
        output.Write('\n');
    }

    private static string Share(double? value) => value is double v ? $"{100 * v:0} %" : "?";
}
