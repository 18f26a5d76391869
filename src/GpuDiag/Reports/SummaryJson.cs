using System.Text.Json;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;

namespace GpuDiag.Reports;

/// <summary>summary.json, schema <c>gpudiag/summary/1</c>: the machine-readable result, byte-identical between machines.</summary>
public static class SummaryJson
{
    /// <summary>Segments and confusions in the file at most; the tables hold all of them.</summary>
    public const int Limit = 10_000;

    /// <summary>Segments that carry their reliability curve at most: the first in rank.</summary>
    private const int Curves = 100;

    /// <param name="run">Where the result comes from; null where that is not told.</param>
    /// <param name="limit">Entries of the lists of segments and confusions at most.</param>
    public static void Write(Stream stream, ScanResult result, RunInfo? run = null, int limit = Limit)
    {
        using (var json = new Json(stream))
        {
            var w = json.Tall;
            w.WriteStartObject();
            w.WriteString("schema", "gpudiag/summary/1");
            w.WriteString("task", result.Task);
            w.WriteNumber("rows", result.Rows);
            WriteExcluded(json, result.Excluded);
            json.Line("class_names", line => WriteNames(line, result.ClassNames));
            json.Line("class_order", line => WriteOrder(line, result));
            w.WriteString("positive_class", result.PositiveClass);
            w.WriteStartObject("metrics");
            foreach (var (name, estimate) in result.Metrics)
                json.Estimate(name, estimate);
            w.WriteEndObject();
            w.WriteString("interval_method", result.IntervalMethod);
            WriteClasses(json, result.Classes);
            WriteConfusions(json, result.Confusions, limit);
            WriteSegments(json, result.Segments, limit);
            w.WritePropertyName("calibration");
            WriteCalibration(json, result.Calibration, withCurve: true);
            WriteCurves(json, result.Curves);
            LabelsJson.Write(json, result.LabelIssues);
            SlicesJson.Write(json, result.Slices);
            ClustersJson.WriteClusters(json, result.Clusters);
            TrainJson.Write(json, result.Train);
            EmbeddingJson.Write(json, result);
            ClustersJson.WriteMap(json, result.Map);
            FitJson.WriteSplits(json, result.Fit?.Splits);
            FitJson.Write(json, result.Fit);
            PipelineJson.Write(json, result.Pipeline);
            CausesJson.WriteCauses(json, result.Causes, limit);
            WriteFindings(json, result.Findings);
            CausesJson.WriteActions(json, result.Actions);
            GalleryJson.Write(json, result.Gallery);
            ProvenanceJson.Write(json, "scan", run);
            w.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    private static void WriteExcluded(Json json, Exclusions excluded)
    {
        var w = json.Tall;
        w.WriteStartObject("excluded");
        w.WriteNumber("null_label", excluded.NullLabel);
        w.WriteNumber("null_pred", excluded.NullPred);
        w.WriteNumber("nan_probs", excluded.NanProbs);
        w.WriteNumber("probs_out_of_range", excluded.ProbsOutOfRange);
        w.WriteNumber("nan_confidence", excluded.NanConfidence);
        w.WriteNumber("confidence_out_of_range", excluded.ConfidenceOutOfRange);
        w.WriteNumber("unknown_label", excluded.UnknownLabel);
        w.WriteNumber("nan_embedding", excluded.NanEmbedding);
        w.WriteNumber("zero_embedding", excluded.ZeroEmbedding);
        w.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter w, IReadOnlyList<string> names)
    {
        w.WriteStartArray();
        foreach (string name in names)
            w.WriteStringValue(name);
        w.WriteEndArray();
    }

    /// <summary>The classes' names such that those that are confused stand near each other.</summary>
    private static void WriteOrder(Utf8JsonWriter w, ScanResult result) => WriteNames(w, [.. result.ClassOrder.Select(c => result.ClassNames[c])]);

    private static void WriteClasses(Json json, IReadOnlyList<ClassResult> classes)
    {
        var w = json.Tall;
        w.WriteStartArray("classes");
        foreach (var c in classes)
        {
            w.WriteStartObject();
            w.WriteString("class", c.Class);
            w.WriteNumber("support", c.Support);
            w.WriteNumber("predicted", c.Predicted);
            json.Estimate("precision", c.Precision);
            json.Estimate("recall", c.Recall);
            json.Estimate("f1", c.F1);
            json.Estimate("roc_auc", c.RocAuc);
            json.Estimate("average_precision", c.AveragePrecision);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void WriteConfusions(Json json, IReadOnlyList<Confusion> confusions, int limit)
    {
        var w = json.Tall;
        w.WriteNumber("confusion_count", confusions.Count);
        w.WriteStartArray("confusions");
        foreach (var c in confusions.Take(limit))
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteString("label", c.Label);
                line.WriteString("pred", c.Pred);
                line.WriteNumber("count", c.Count);
                line.WriteEndObject();
            });
        }
        w.WriteEndArray();
    }

    private static void WriteSegments(Json json, IReadOnlyList<SegmentResult> segments, int limit)
    {
        var w = json.Tall;
        w.WriteNumber("segment_count", segments.Count);
        w.WriteStartArray("segments");
        int curves = Curves;
        foreach (var segment in segments.Take(limit))
        {
            w.WriteStartObject();
            w.WriteString("column", segment.Column);
            w.WriteString("value", segment.IsNull ? null : segment.Value);
            w.WriteNumber("rows", segment.Rows);
            w.WriteNumber("errors", segment.Errors);
            json.Estimate("accuracy", segment.Metrics.GetValueOrDefault("accuracy"));
            json.Estimate("macro_f1", segment.Metrics.GetValueOrDefault("f1_macro"));
            Json.Number(w, "p_value", segment.PValue);
            Json.Number(w, "q_value", segment.QValue);
            foreach (var (name, estimate) in segment.Metrics)
            {
                if (name != "accuracy")
                    json.Estimate(name, estimate);
            }
            w.WritePropertyName("calibration");
            WriteCalibration(json, segment.Calibration, withCurve: curves-- > 0);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void WriteCalibration(Json json, CalibrationResult? calibration, bool withCurve)
    {
        var w = json.Tall;
        if (calibration is null)
        {
            w.WriteNullValue();
            return;
        }
        w.WriteStartObject();
        w.WriteNumber("bins", calibration.Bins);
        w.WriteString("convention", calibration.Convention);
        Json.Number(w, "ece", calibration.Ece);
        Json.Number(w, "mce", calibration.Mce);
        Json.Number(w, "temperature", calibration.Temperature);
        if (withCurve)
            WriteCurve(json, calibration.Curve);
        w.WriteEndObject();
    }

    private static void WriteCurve(Json json, IReadOnlyList<CalibrationBin> curve)
    {
        json.Tall.WriteStartArray("curve");
        foreach (var bin in curve)
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                Json.Number(line, "low", bin.Low);
                Json.Number(line, "high", bin.High);
                line.WriteNumber("rows", bin.Rows);
                Json.Number(line, "confidence", bin.Confidence);
                Json.Number(line, "accuracy", bin.Accuracy.Value);
                Json.Number(line, "accuracy_low", bin.Accuracy.Low);
                Json.Number(line, "accuracy_high", bin.Accuracy.High);
                line.WriteEndObject();
            });
        }
        json.Tall.WriteEndArray();
    }

    /// <summary>What curves.parquet holds.</summary>
    private static void WriteCurves(Json json, CurvesResult? curves)
    {
        if (curves is null)
        {
            json.Tall.WriteNull("curves");
            return;
        }
        json.Line("curves", line =>
        {
            line.WriteStartObject();
            line.WriteNumber("classes", curves.Classes.Count);
            line.WriteNumber("classes_left_out", curves.LeftOut);
            line.WriteNumber("steps", curves.Steps);
            line.WriteNumber("points", curves.Points.Count);
            line.WriteEndObject();
        });
    }

    private static void WriteFindings(Json json, IReadOnlyList<Finding> findings)
    {
        var w = json.Tall;
        w.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            w.WriteStartObject();
            w.WriteString("code", finding.Code);
            w.WriteString("severity", finding.Severity);
            w.WriteString("title", finding.Title);
            json.Line("evidence", line => WriteEvidence(line, finding.Evidence));
            w.WriteNumber("rows", finding.Rows);
            json.Estimate("gain", finding.Gain);
            w.WriteString("action", finding.Action);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    internal static void WriteEvidence(Utf8JsonWriter w, IReadOnlyDictionary<string, object?> evidence)
    {
        w.WriteStartObject();
        foreach (var (name, value) in evidence)
        {
            w.WritePropertyName(name);
            switch (value)
            {
                case string text: w.WriteStringValue(text); break;
                case bool flag: w.WriteBooleanValue(flag); break;
                case int number: w.WriteNumberValue(number); break;
                case long number: w.WriteNumberValue(number); break;
                case double number: Json.Number(w, number); break;
                case Estimate estimate: Json.Write(w, estimate); break;
                case null: w.WriteNullValue(); break;
                default: throw new ArgumentException($"Evidence '{name}' is a {value.GetType().Name}, which has no JSON form.");
            }
        }
        w.WriteEndObject();
    }
}
