using System.Text.Json;
using GpuDiag.Analyses.Drift;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.Drift;

/// <summary>The parts of summary.json that tell kinds of shift and accuracy.</summary>
internal static class DriftAccuracyJson
{
    public static void Write(Json json, DriftResult result)
    {
        WriteKind(json, result.Kind);
        var w = json.Tall;
        if (result.Accuracy is not { } accuracy)
        {
            w.WriteNull("accuracy");
            w.WriteNull("decomposition");
            return;
        }
        w.WriteStartObject("accuracy");
        WriteEstimate(json, "reference", accuracy.Reference);
        WriteEstimate(json, "current", accuracy.Current);
        WriteEstimate(json, "change", accuracy.Change);
        json.Line("estimated", line => Write(line, accuracy.Estimated));
        w.WriteEndObject();
        if (accuracy.Decompositions.Count == 0)
        {
            w.WriteNull("decomposition");
            return;
        }
        WriteDecomposition(json, accuracy.Decompositions[0]);
        json.Lines("decompositions", accuracy.Decompositions, WriteSums);
    }

    private static void WriteKind(Json json, DriftKindShares kind)
    {
        var shares = kind.Points?.Shares() ?? (null, null, null);
        json.Line("kind", w =>
        {
            w.WriteStartObject();
            Json.Number(w, "covariate", shares.Covariate);
            Json.Number(w, "prior", shares.Prior);
            Json.Number(w, "concept", shares.Concept);
            Json.Texts(w, "present", kind.Present);
            w.WriteEndObject();
        });
        json.Line("evidence", w =>
        {
            w.WriteStartObject();
            w.WriteStartObject("covariate");
            Json.Number(w, "points", kind.Points?.Covariate);
            w.WriteNumber("drifted", kind.DriftedFeatures);
            w.WriteNumber("features", kind.Features);
            w.WriteEndObject();
            w.WriteStartObject("prior");
            Json.Number(w, "points", kind.Points?.Prior);
            w.WriteString("column", kind.Prior?.Column);
            w.WriteString("kind", kind.Prior is { } prior ? DriftKinds.Name(prior.Kind) : null);
            Json.Number(w, "effect", kind.Prior?.Effect);
            Json.Number(w, "q_value", kind.Prior?.QValue);
            w.WriteEndObject();
            w.WriteStartObject("concept");
            Json.Number(w, "points", kind.Points?.Concept);
            Json.Number(w, "p_value", kind.ConceptPValue);
            w.WriteNumber("cells", kind.ConceptCells);
            w.WriteString("segmentation", kind.Segmentation);
            w.WriteEndObject();
            w.WriteEndObject();
        });
    }

    private static void WriteEstimate(Json json, string name, Estimate? estimate)
    {
        if (estimate is { } known)
            json.Estimate(name, known);
        else
            json.Tall.WriteNull(name);
    }

    private static void Write(Utf8JsonWriter w, AccuracyEstimate? estimated)
    {
        if (estimated is null)
        {
            w.WriteNullValue();
            return;
        }
        w.WriteStartObject();
        Json.Number(w, "value", estimated.Value);
        Json.Number(w, "low", estimated.Low);
        Json.Number(w, "high", estimated.High);
        w.WriteNumber("rows", estimated.Rows);
        w.WriteString("segmentation", estimated.Segmentation);
        Json.Number(w, "coverage", estimated.Coverage);
        Json.Number(w, "backtest_error", estimated.BacktestError);
        w.WriteString("trust", estimated.Trust);
        Json.Texts(w, "reasons", estimated.Reasons);
        w.WriteEndObject();
    }

    private static void WriteDecomposition(Json json, Decomposition decomposition)
    {
        var w = json.Tall;
        w.WriteStartObject("decomposition");
        WriteSums(w, decomposition);
        json.Lines("cells", decomposition.Cells, (line, cell) =>
        {
            line.WriteString("value", cell.Value);
            line.WriteNumber("reference_rows", cell.ReferenceRows);
            line.WriteNumber("current_rows", cell.CurrentRows);
            Json.Number(line, "reference_accuracy", cell.ReferenceAccuracy);
            Json.Number(line, "current_accuracy", cell.CurrentAccuracy);
            Json.Number(line, "mix", cell.Mix);
            Json.Number(line, "within", cell.Within);
            Json.Number(line, "total", cell.Total);
            Json.Number(line, "mix_centred", cell.Centred);
        });
        w.WriteEndObject();
    }

    private static void WriteSums(Utf8JsonWriter w, Decomposition decomposition)
    {
        w.WriteString("segmentation", decomposition.Segmentation);
        Json.Number(w, "total", decomposition.Total);
        Json.Number(w, "mix", decomposition.Mix);
        Json.Number(w, "within", decomposition.Within);
    }
}
