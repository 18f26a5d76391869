using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>The section <c>label_issues</c> of summary.json; null without probabilities.</summary>
internal static class LabelsJson
{
    /// <summary>Classes up to which the joint is a full matrix, and cells listed at most beyond.</summary>
    public const int DenseClasses = 64, ListedCells = 10_000;

    public static void Write(Json json, LabelIssueResult? issues)
    {
        var w = json.Tall;
        if (issues is null)
        {
            w.WriteNull("label_issues");
            return;
        }
        w.WriteStartObject("label_issues");
        w.WriteString("filter", issues.Filter);
        w.WriteString("score", issues.Score);
        w.WriteNumber("judged", issues.Judged);
        w.WriteNumber("count", issues.Count);
        Json.Number(w, "contradicted", issues.Contradicted);
        w.WriteNumber("errors", issues.Errors);
        json.Estimate("share_of_errors", issues.ShareOfErrors);
        json.Estimate("noise_rate", issues.NoiseRate);
        json.Estimate("corrected_accuracy", issues.CorrectedAccuracy);
        if (issues.Classes.Count <= DenseClasses)
            WriteMatrix(json, issues);
        else
            WriteCells(json, issues);
        w.WriteStartArray("classes");
        foreach (var c in issues.Classes)
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteString("class", c.Class);
                line.WriteNumber("rows", c.Rows);
                line.WriteNumber("issues", c.Issues);
                line.WritePropertyName("noise_rate");
                Json.Write(line, c.NoiseRate);
                line.WritePropertyName("inverse_noise_rate");
                Json.Write(line, c.InverseNoiseRate);
                line.WriteEndObject();
            });
        }
        w.WriteEndArray();
        w.WriteStartArray("pairs");
        foreach (var pair in issues.Pairs)
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteString("label", pair.Label);
                line.WriteString("suggested", pair.Suggested);
                line.WriteNumber("count", pair.Count);
                line.WriteEndObject();
            });
        }
        w.WriteEndArray();
        json.Line("rows", line =>
        {
            line.WriteStartArray();
            foreach (long row in issues.Rows)
                line.WriteNumberValue(row);
            line.WriteEndArray();
        });
        w.WriteEndObject();
    }

    private static void WriteMatrix(Json json, LabelIssueResult issues)
    {
        var w = json.Tall;
        double[,] joint = new double[issues.Classes.Count, issues.Classes.Count];
        foreach (var cell in issues.Joint)
            joint[cell.Given, cell.True] = cell.Share;
        w.WriteStartArray("joint");
        for (int given = 0; given < issues.Classes.Count; given++)
        {
            json.Line(line =>
            {
                line.WriteStartArray();
                for (int truly = 0; truly < issues.Classes.Count; truly++)
                    Json.Number(line, joint[given, truly]);
                line.WriteEndArray();
            });
        }
        w.WriteEndArray();
        w.WriteNull("joint_cells");
    }

    /// <summary>The largest cells as [given, true, share], numbers of classes.</summary>
    private static void WriteCells(Json json, LabelIssueResult issues)
    {
        var w = json.Tall;
        w.WriteNull("joint");
        w.WriteStartArray("joint_cells");
        foreach (var cell in issues.Joint.OrderByDescending(c => c.Share).ThenBy(c => (c.Given, c.True)).Take(ListedCells))
        {
            json.Line(line =>
            {
                line.WriteStartArray();
                line.WriteNumberValue(cell.Given);
                line.WriteNumberValue(cell.True);
                Json.Number(line, cell.Share);
                line.WriteEndArray();
            });
        }
        w.WriteEndArray();
    }
}
