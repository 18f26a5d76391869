using System.Globalization;
using GpuDiag.Analyses.Drift;

namespace GpuDiag.Reports.Drift;

/// <summary>What drift did to the accuracy, for people.</summary>
internal sealed class DriftAccuracyText(TextWriter output, Palette palette)
{
    private const int Width = 100;
    private const int MostCells = 10;

    public void Write(DriftResult result)
    {
        if (result.Accuracy is not { } accuracy)
            return;
        if (accuracy.Change is { } change)
        {
            Line("");
            Line(palette.Bold($"Accuracy {Plain.Figure(accuracy.Reference!.Value.Value)} → {Plain.Figure(accuracy.Current!.Value.Value)}: {Points(change.Value!.Value)} points") + palette.Dim($" ({Points(change.Low!.Value)} to {Points(change.High!.Value)})"));
            WriteDecomposition(accuracy.Decompositions[0]);
            WriteKinds(result.Kind, change.Value.Value);
        }
        if (accuracy.Estimated is { } estimated)
            WriteEstimate(accuracy, estimated);
    }

    private void WriteDecomposition(Decomposition decomposition)
    {
        Line(palette.Bold($"  {"by " + Plain.Name(decomposition.Segmentation, 20),-24}{"share of rows",-20}{"accuracy",-20}{"mix",9}{"within",9}{"points",9}"));
        foreach (var cell in decomposition.Cells.Take(MostCells))
        {
            double before = (double)cell.ReferenceRows / decomposition.Cells.Sum(c => c.ReferenceRows), now = (double)cell.CurrentRows / decomposition.Cells.Sum(c => c.CurrentRows);
            Line($"  {Plain.Name(cell.Value ?? "(missing)", 22),-24}{$"{Share(before)} → {Share(now)}",-20}{$"{Plain.Figure(cell.ReferenceAccuracy)} → {Plain.Figure(cell.CurrentAccuracy)}",-20}{Points(cell.Centred),9}{Points(cell.Within),9}{Points(cell.Centred + cell.Within),9}");
        }
        if (decomposition.Cells.Count > MostCells)
        {
            var rest = decomposition.Cells.Skip(MostCells).ToList();
            Line($"  {$"{rest.Count} others",-64}{Points(rest.Sum(c => c.Centred)),9}{Points(rest.Sum(c => c.Within)),9}{Points(rest.Sum(c => c.Centred + c.Within)),9}");
        }
        Line($"  {"all",-64}{Points(decomposition.Mix),9}{Points(decomposition.Within),9}{Points(decomposition.Total),9}");
        Line(palette.Dim("  mix: other shares of the rows, against the mean accuracy; within: better or worse there"));
    }

    private void WriteKinds(DriftKindShares kind, double change)
    {
        if (kind.Points is not { } points)
            return;
        var (covariate, prior, concept) = points.Shares();
        if (covariate is null || Math.Abs(change) < 0.00005)
            return;
        Lines($"Covariate shift {Points(points.Covariate)} points ({kind.DriftedFeatures} of {kind.Features} features drifted), prior shift {Points(points.Prior)}"
            + (kind.Prior is { } label ? $" (effect {Plain.Figure(label.Effect)} on {Plain.Name(label.Column, 30)})" : "")
            + $", concept shift {Points(points.Concept)}"
            + (kind.ConceptPValue is double p ? $" (p = {Plain.Probability(p)} that accuracy within {kind.ConceptCells} cells is as it was)" : ""));
    }

    private void WriteEstimate(DriftAccuracy accuracy, AccuracyEstimate estimated)
    {
        Line("");
        Line(palette.Bold($"Estimated accuracy now {Plain.Figure(estimated.Value)}") + $" ({Plain.Figure(estimated.Low)} – {Plain.Figure(estimated.High)})"
            + (accuracy.Reference is { } reference ? $", in the reference {Plain.Figure(reference.Value)}" : "") + $"; trust: {estimated.Trust}");
        string by = estimated.Segmentation is { } name ? $", calibrated per {Plain.Name(name, 30)}" : "";
        Lines($"From the confidences of {Plain.Count(estimated.Rows)} rows{by}, by what they were worth in the reference.");
        foreach (string reason in estimated.Reasons)
            Lines("– " + reason);
        if (accuracy.Current is null)
            Lines("– The interval holds if the model is as good as it was at equal confidence: without labels a concept shift cannot be seen.");
        else
            Lines($"– Measured: {Plain.Figure(accuracy.Current.Value.Value)}. What the estimate misses is change at equal confidence: a concept shift.");
    }

    private static string Points(double share) => (Math.Abs(share) < 0.00005 ? 0 : 100 * share).ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);

    private static string Share(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private void Lines(string text)
    {
        foreach (string line in Plain.Wrap(text, Width - 2))
            Line("  " + line);
    }

    private void Line(string text) => output.Write(text.TrimEnd() + "\n");
}
