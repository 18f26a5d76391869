using GpuDiag.Analyses.Neighbors;
using GpuDiag.Analyses.Scan;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Reports;

/// <summary>A search in short: for people within 100 columns, and as summary.json (schema <c>gpudiag/knn/1</c>).</summary>
internal static class KnnSummary
{
    private const int Width = 100;

    /// <summary>The metric as <c>--metric</c> names it.</summary>
    public static string Name(VectorMetric metric) => metric switch
    {
        VectorMetric.Cosine => "cosine",
        VectorMetric.L2 => "l2",
        _ => "ip",
    };

    public static void WriteJson(Stream stream, KnnResult result)
    {
        using (var json = new Json(stream))
        {
            var w = json.Tall;
            w.WriteStartObject();
            w.WriteString("schema", "gpudiag/knn/1");
            w.WriteString("version", ProgramVersion.Text);
            w.WriteNumber("queries", result.Queries.Rows);
            w.WriteNumber("base", result.Base.Rows);
            w.WriteBoolean("self", result.IsSelf);
            w.WriteNumber("dimensions", result.Width);
            w.WriteString("metric", Name(result.Metric));
            w.WriteNumber("k", result.K);
            w.WriteNumber("neighbors", result.Neighbors);
            w.WriteNumber("short_lists", result.ShortLists);
            w.WriteStartObject("excluded");
            WriteSide(json, "queries", result.Queries);
            WriteSide(json, "base", result.Base);
            w.WriteEndObject();
            w.WriteStartObject("distance");
            WriteQuantiles(json, "nearest", result.Nearest);
            WriteQuantiles(json, "last", result.Last);
            w.WriteEndObject();
            w.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    public static void WriteText(TextWriter output, Palette palette, KnnResult result, RunInfo run, string folder, TimeSpan elapsed)
    {
        string sides = result.IsSelf
            ? $"{Plain.Count(result.Queries.Rows)} {(result.Queries.Rows == 1 ? "vector" : "vectors")} among themselves"
            : $"{Plain.Count(result.Queries.Rows)} queries in {Plain.Count(result.Base.Rows)} vectors";
        Line(palette.Bold(sides) + $", {result.Width} dimensions, {Name(result.Metric)}, k = {result.K}");
        Lines(palette.Dim, "Columns: " + string.Join("; ", run.Roles.Select(r => $"{r.Role} = {Plain.Name(r.Column, 40)} ({r.How})")));
        Lines(palette.Dim, $"Device: {run.Device.Backend}, {run.Device.Name} ({run.Device.Reason}); {Plain.Seconds(elapsed)}");
        Lines(palette.Dim, "Vectors: " + string.Join("; ", run.Vectors.Select(v => $"{v.Set} {Place(v)}")));
        string[] left = [.. Excluded("queries", result.Queries), .. result.IsSelf ? [] : Excluded("base", result.Base)];
        if (left.Length > 0)
            Lines(palette.Yellow, "Left out: " + string.Join(", ", left));
        foreach (var skipped in run.Skipped)
            Line(palette.Yellow($"Skipped: {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}"));
        if (result.ShortLists > 0)
            Lines(palette.Yellow, $"{Plain.Count(result.ShortLists)} queries have fewer than {result.K} neighbours: the base has no more");

        if (result.Nearest is { } nearest && result.Last is { } last)
        {
            output.Write('\n');
            Line(palette.Bold($"{(result.Metric == VectorMetric.InnerProduct ? "Inner product" : "Distance"),-24}{"least",12}{"quarter",12}{"median",12}{"3 quarters",12}{"greatest",12}"));
            Line(Row("to the nearest", nearest));
            Line(Row("to the last", last));
        }
        output.Write('\n');
        Line(palette.Bold($"Written to {Plain.Name(folder)}"));
        Line($"  {"neighbors.parquet",-22}{palette.Dim($"{Plain.Count(result.Neighbors)} neighbours, by query, the nearest first")}");
        Line($"  {"run.json",-22}{palette.Dim("version, command, device, where the vectors lay, timings")}");
        Line($"  {"summary.json",-22}{palette.Dim("counts and distances, for machines")}");

        void Lines(Func<string, string> colour, string text)
        {
            foreach (string line in Plain.Wrap(text, Width))
                Line(colour(line));
        }

        void Line(string text) => output.Write(text.TrimEnd() + "\n");
    }

    private static IEnumerable<string> Excluded(string name, KnnSide side)
    {
        if (side.Null > 0)
            yield return $"{Plain.Count(side.Null)} of the {name} without a vector";
        if (side.Unusable > 0)
            yield return $"{Plain.Count(side.Unusable)} of the {name} with NaN, infinite or, under cosine, zero vectors";
    }

    private static string Place(VectorsUsed used)
    {
        string size = $"{Math.Max(1, used.Bytes >> 20):N0} MB";
        return used.Residence switch
        {
            VectorResidence.Mapped => $"mapped from the file, {size}",
            VectorResidence.Memory => $"in memory, {size}",
            _ => $"in a scratch file, {size}: every piece of the queries reads it again",
        };
    }

    private static string Row(string name, DistanceQuantiles q)
        => $"  {name,-22}" + string.Concat(new[] { q.Least, q.Quarter, q.Median, q.ThreeQuarters, q.Greatest }.Select(v => $"{Plain.Magnitude(v),12}"));

    private static void WriteSide(Json json, string name, KnnSide side) => json.Line(name, w =>
    {
        w.WriteStartObject();
        w.WriteNumber("null_vector", side.Null);
        w.WriteNumber("unusable_vector", side.Unusable);
        w.WriteEndObject();
    });

    private static void WriteQuantiles(Json json, string name, DistanceQuantiles? quantiles) => json.Line(name, w =>
    {
        w.WriteStartObject();
        Json.Number(w, "min", quantiles?.Least);
        Json.Number(w, "q25", quantiles?.Quarter);
        Json.Number(w, "median", quantiles?.Median);
        Json.Number(w, "q75", quantiles?.ThreeQuarters);
        Json.Number(w, "max", quantiles?.Greatest);
        w.WriteEndObject();
    });
}
