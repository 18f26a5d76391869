using System.Text.Json;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;

namespace GpuDiag.Reports.Compare;

/// <summary>summary.json of a comparison, schema <c>gpudiag/compare/1</c>; described in docs/compare.md.</summary>
internal static class CompareJson
{
    /// <summary>The verdict's word.</summary>
    public static string Name(CompareVerdict verdict) => verdict switch
    {
        CompareVerdict.Better => "better",
        CompareVerdict.NotWorse => "not_worse",
        CompareVerdict.Worse => "worse",
        _ => "cannot_tell",
    };

    /// <summary>The kind's word.</summary>
    public static string Name(FlipKind kind) => kind switch
    {
        FlipKind.Broken => "broken",
        FlipKind.Fixed => "fixed",
        _ => "still_wrong",
    };

    /// <param name="run">Where the result comes from; null where that is not told.</param>
    /// <param name="limit">Entries of the list of segments at most.</param>
    public static void Write(Stream stream, CompareResult result, RunInfo? run = null, int limit = SummaryJson.Limit)
    {
        using (var json = new Json(stream))
        {
            var w = json.Tall;
            w.WriteStartObject();
            w.WriteString("schema", "gpudiag/compare/1");
            w.WriteString("task", result.Task);
            w.WriteNumber("rows", result.Overall.Table.Rows);
            WriteJoin(json, result);
            json.Line("class_names", line => Json.Texts(line, result.ClassNames));
            w.WriteString("positive_class", result.PositiveClass);
            Json.Number(w, "margin", result.Margin);
            w.WriteString("verdict", Name(result.Overall.Verdict));
            WriteGroup(json, result.Overall);
            w.WriteString("interval_method", result.IntervalMethod);
            CompareDetailJson.WriteScores(json, result);
            WriteClasses(json, result.Classes);
            w.WriteNumber("segment_count", result.Segments.Count);
            w.WriteStartArray("segments");
            foreach (var segment in result.Segments.Take(limit))
            {
                w.WriteStartObject();
                w.WriteString("column", segment.Column);
                w.WriteString("value", segment.IsNull ? null : segment.Value);
                WriteJudged(json, segment);
                w.WriteEndObject();
            }
            w.WriteEndArray();
            CompareDetailJson.WriteClusters(json, result);
            CompareDetailJson.WriteSlices(json, result);
            CompareDetailJson.WriteCases(json, result.Cases);
            WriteRegressions(json, result.Regressions, limit);
            ProvenanceJson.Write(json, "compare", run);
            w.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    private static void WriteJoin(Json json, CompareResult result)
    {
        var join = result.Join;
        json.Line("join", w =>
        {
            w.WriteStartObject();
            w.WriteString("by", join.By);
            w.WriteNumber("before_rows", join.BeforeRows);
            w.WriteNumber("after_rows", join.AfterRows);
            w.WriteNumber("matched", join.Matched);
            w.WriteNumber("only_before", join.OnlyBefore);
            w.WriteNumber("only_after", join.OnlyAfter);
            w.WriteNumber("repeated_before", join.RepeatedBefore);
            w.WriteNumber("repeated_after", join.RepeatedAfter);
            w.WriteNumber("null_id_before", join.NullIdBefore);
            w.WriteNumber("null_id_after", join.NullIdAfter);
            w.WriteEndObject();
        });
        json.Line("excluded", w =>
        {
            w.WriteStartObject();
            w.WriteNumber("null_label", result.Excluded.NullLabel);
            w.WriteNumber("label_disagrees", result.Excluded.LabelDisagrees);
            w.WriteNumber("null_pred_before", result.Excluded.NullPredBefore);
            w.WriteNumber("null_pred_after", result.Excluded.NullPredAfter);
            w.WriteEndObject();
        });
    }

    /// <summary>A group among others, with what its test says.</summary>
    internal static void WriteJudged(Json json, PairedGroup group)
    {
        json.Tall.WriteNumber("rows", group.Table.Rows);
        json.Tall.WriteString("verdict", Name(group.Verdict));
        Json.Test(json.Tall, group.PValue, group.QValue);
        WriteGroup(json, group);
    }

    private static void WriteGroup(Json json, PairedGroup group)
    {
        WriteTable(json, group.Table);
        json.Estimate("negative_flip_rate", group.NegativeFlipRate);
        json.Estimate("positive_flip_rate", group.PositiveFlipRate);
        json.Estimate("backward_trust", group.BackwardTrust);
        json.Estimate("error_compatibility", group.ErrorCompatibility);
        json.Line("mcnemar", w =>
        {
            var test = group.McNemar;
            w.WriteStartObject();
            Json.Number(w, "statistic", test.Statistic);
            Json.Number(w, "p_value", test.PValue);
            w.WriteBoolean("exact", test.IsExact);
            Json.Number(w, "exact_p_value", test.ExactPValue);
            Json.Number(w, "corrected_statistic", test.CorrectedStatistic);
            Json.Number(w, "corrected_p_value", test.CorrectedPValue);
            w.WriteEndObject();
        });
        WriteMetrics(json, group.Metrics);
    }

    internal static void WriteTable(Json json, PairTable table) => json.Line("table", w => Write(w, table));

    internal static void WriteTable(Utf8JsonWriter w, PairTable table)
    {
        w.WritePropertyName("table");
        Write(w, table);
    }

    /// <summary>A figure of both models, and its change.</summary>
    internal static void WriteChange(Utf8JsonWriter w, Estimate before, Estimate after, Estimate delta)
    {
        Json.Estimate(w, "before", before);
        Json.Estimate(w, "after", after);
        Json.Estimate(w, "delta", delta);
    }

    private static void Write(Utf8JsonWriter w, PairTable table)
    {
        w.WriteStartObject();
        w.WriteNumber("both_right", table.BothRight);
        w.WriteNumber("only_before", table.OnlyBefore);
        w.WriteNumber("only_after", table.OnlyAfter);
        w.WriteNumber("both_wrong", table.BothWrong);
        w.WriteEndObject();
    }

    private static void WriteMetrics(Json json, IReadOnlyList<MetricDelta> metrics)
    {
        json.Tall.WriteStartObject("metrics");
        foreach (var metric in metrics)
        {
            json.Line(metric.Name, w =>
            {
                w.WriteStartObject();
                WriteChange(w, metric.Before, metric.After, metric.Delta);
                w.WriteEndObject();
            });
        }
        json.Tall.WriteEndObject();
    }

    private static void WriteClasses(Json json, IReadOnlyList<ClassPair> classes)
    {
        var w = json.Tall;
        w.WriteStartArray("classes");
        foreach (var c in classes)
        {
            w.WriteStartObject();
            w.WriteString("class", c.Class);
            w.WriteNumber("support", c.Table.Rows);
            w.WriteString("verdict", Name(c.Verdict));
            Json.Test(w, c.PValue, c.QValue);
            WriteTable(json, c.Table);
            WriteMetrics(json, c.Metrics);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void WriteRegressions(Json json, IReadOnlyList<Regression> regressions, int limit)
    {
        json.Tall.WriteNumber("regression_count", regressions.Count);
        json.Lines("regressions", regressions.Take(limit), (w, r) =>
        {
            w.WriteString("kind", r.Kind);
            w.WriteString("group", r.Group);
            w.WriteNumber("rows", r.Table.Rows);
            WriteTable(w, r.Table);
            Json.Estimate(w, "delta", r.Delta);
            Json.Test(w, r.PValue, r.QValue);
        });
    }
}
