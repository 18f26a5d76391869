using System.Globalization;
using System.Text.Json;
using GpuDiag.Analyses.Causes;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Reports.Explain;

/// <summary>Makes one row's explanation from a scan and the row's probabilities; the same whether the scan is new or read from files.</summary>
public static class Explainer
{
    private const int Shown = 5;

    /// <param name="view">The scan.</param>
    /// <param name="data">What the data says of the row.</param>
    public static Explanation Explain(ScanView view, OneRow data)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(data);
        RowResult row = view.Row;
        string[] classes = [.. view.Summary.GetProperty("class_names").EnumerateArray().Select(c => c.GetString()!)];
        ClassProbability[] ranked = Ranked(classes, data.Probabilities);
        return new Explanation
        {
            Row = row,
            Probabilities = [.. ranked.Where(p => p.Rank <= Shown || p.Class == row.Label || p.Class == row.Pred)],
            Margin = ranked.Length == 0 ? null : ranked.Length == 1 ? ranked[0].Probability : ranked[0].Probability - ranked[1].Probability,
            LabelRank = ranked.FirstOrDefault(p => p.Class == row.Label)?.Rank,
            Neighbors = view.Neighbors,
            Evidence = row.Cause is null ? [] : Evidence(view),
            WouldChange = [.. WouldChange(view, ranked)],
        };
    }

    private static ClassProbability[] Ranked(string[] classes, IReadOnlyList<double> probabilities) =>
        probabilities.Any(double.IsNaN) || probabilities.Count > classes.Length
            ? []
            : [.. probabilities
                .Select((p, k) => (Class: classes[k], Probability: p))
                .OrderByDescending(p => p.Probability)
                .Select((p, rank) => new ClassProbability(p.Class, p.Probability, rank + 1))];

    private static CauseEvidenceLine[] Evidence(ScanView view)
    {
        HashSet<string> shown = [.. (view.Row.Evidence ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];
        return [.. CauseNames.All.Select(c => (Cause: c, Name: CauseNames.Name(c))).Select(c => new CauseEvidenceLine(
            c.Name, c.Cause == Cause.Unexplained ? shown.Count == 0 : shown.Contains(c.Name), EvidenceText.Of(c.Cause, view)))];
    }

    private static IEnumerable<string> WouldChange(ScanView view, ClassProbability[] ranked)
    {
        RowResult row = view.Row;
        bool wrong = row.Correct == false;
        if (wrong && row.Evidence?.Split(',').Contains(CauseNames.Name(Cause.LabelError)) == true)
            yield return $"If the label is '{row.Pred}', the row is right: have it checked first.";

        // The class that the prediction has to lose to: the label of an error, else the next best.
        ClassProbability? rival = wrong ? ranked.FirstOrDefault(p => p.Class == row.Label) : ranked.FirstOrDefault(p => p.Class != row.Pred);
        ClassProbability? said = ranked.FirstOrDefault(p => p.Class == row.Pred);
        if (rival is not null && said is not null && said.Probability >= rival.Probability)
        {
            string gap = rival.Probability > 0
                ? $"its logit to rise by {Figure(Deterministic.Log(said.Probability) - Deterministic.Log(rival.Probability))} against that of '{said.Class}'"
                : "it is 0 now";
            yield return $"p({rival.Class}) = {Figure(rival.Probability)} would have to exceed p({said.Class}) = {Figure(said.Probability)}: {gap}.";
        }

        int labelled = view.Neighbors.Count(n => n.Source == "data" && n.Label is not null);
        string? target = wrong ? row.Label : rival?.Class;
        if (labelled > 0 && target is not null)
        {
            int own = view.Neighbors.Count(n => n.Source == "data" && n.Label == target), most = (labelled / 2) + 1;
            yield return own >= most
                ? $"{own} of {labelled} labelled neighbours are '{target}' already: the model, not the data, would have to change."
                : $"{own} of {labelled} labelled neighbours are '{target}'; {most - own} more would make them the majority.";
        }

        if (Temperature(view.Summary) is double temperature && ranked.Length > 1 && ranked[0].Probability > 0)
            yield return $"With the fitted temperature {Figure(temperature)} the confidence is {Figure(Tempered(ranked, temperature))} instead of {Figure(ranked[0].Probability)}; the prediction stays.";
    }

    private static double? Temperature(JsonElement summary) =>
        summary.GetProperty("calibration") is { ValueKind: JsonValueKind.Object } calibration && calibration.GetProperty("temperature") is { ValueKind: JsonValueKind.Number } t
            ? t.GetDouble()
            : null;

    /// <summary>max p^(1/T) / Σ p^(1/T).</summary>
    private static double Tempered(ClassProbability[] ranked, double temperature)
    {
        double top = Deterministic.Log(ranked[0].Probability), sum = 0;
        foreach (ClassProbability p in ranked)
            sum += p.Probability > 0 ? Deterministic.Exp((Deterministic.Log(p.Probability) - top) / temperature) : 0;
        return 1 / sum;
    }

    private static string Figure(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
