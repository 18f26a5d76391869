using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>The sections <c>slices</c> and <c>slice_search</c> of summary.json; null where no slices were asked for.</summary>
internal static class SlicesJson
{
    public static void Write(Json json, SliceSearchResult? search)
    {
        var w = json.Tall;
        if (search is null)
        {
            w.WriteNull("slices");
            w.WriteNull("slice_search");
            return;
        }
        w.WriteStartArray("slices");
        foreach (var slice in search.Slices)
            WriteSlice(json, slice);
        w.WriteEndArray();
        w.WriteStartObject("slice_search");
        w.WriteString("objective", search.Objective);
        Json.Number(w, "alpha", search.Alpha);
        w.WriteNumber("min_rows", search.MinRows);
        w.WriteNumber("level", search.Level);
        w.WriteNumber("levels", search.Levels);
        w.WriteBoolean("complete", search.Complete);
        w.WriteNumber("rows", search.Rows);
        w.WriteNumber("errors", search.Errors);
        Json.Number(w, "mean", search.Mean);
        json.Line("columns", line =>
        {
            line.WriteStartArray();
            foreach (string column in search.Columns)
                line.WriteStringValue(column);
            line.WriteEndArray();
        });
        w.WriteNumber("values", search.Values);
        w.WriteStartArray("left_out");
        foreach (var column in search.LeftOut)
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteString("column", column.Column);
                line.WriteString("reason", column.Reason);
                line.WriteEndObject();
            });
        }
        w.WriteEndArray();
        w.WriteNumber("candidates", search.Candidates);
        w.WriteNumber("evaluated", search.Evaluated);
        w.WriteNumber("pruned", search.Candidates - search.Evaluated);
        w.WriteNumber("found", search.Slices.Count);
        w.WriteNumber("folded", search.Folded);
        w.WriteEndObject();
    }

    private static void WriteSlice(Json json, SliceResult slice)
    {
        var w = json.Tall;
        w.WriteStartObject();
        w.WriteString("predicates", slice.Text);
        w.WriteStartArray("values");
        foreach (var predicate in slice.Predicates)
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteString("column", predicate.Column);
                line.WriteString("value", predicate.Value);
                line.WriteNumber("rows", predicate.Rows);
                line.WriteNumber("errors", predicate.Errors);
                line.WriteEndObject();
            });
        }
        w.WriteEndArray();
        w.WriteNumber("level", slice.Level);
        w.WriteNumber("rows", slice.Rows);
        w.WriteNumber("errors", slice.Errors);
        json.Estimate("error_rate", slice.ErrorRate);
        Json.Number(w, "error_rate_elsewhere", slice.ErrorRateElsewhere);
        Json.Number(w, "mean", slice.Mean);
        Json.Number(w, "score", slice.Score);
        Json.Number(w, "p_value", slice.PValue);
        Json.Number(w, "q_value", slice.QValue);
        json.Line("folded", line =>
        {
            line.WriteStartArray();
            foreach (string folded in slice.Folded)
                line.WriteStringValue(folded);
            line.WriteEndArray();
        });
        w.WriteEndObject();
    }
}
