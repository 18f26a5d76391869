using System.Text;
using System.Text.Json;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.Tables;

/// <summary>The tables of fit and of the pipeline's checks: what summary.json says of them, a figure or a check a line.</summary>
internal static class FitTables
{
    /// <summary>A line of fit.parquet.</summary>
    /// <param name="Section"><c>verdict</c>, <c>split</c>, <c>reason</c> or <c>class</c>.</param>
    /// <param name="Name">Of the split or the class; null for all rows, and for rows without a split.</param>
    /// <param name="Kind">Of a split <c>train</c>, <c>validation</c>, …; else the verdict.</param>
    /// <param name="Figure">What the value is: a metric, a figure of the reasoning.</param>
    /// <param name="Rows">That it is of, where this is known.</param>
    internal sealed record Line(string Section, string? Name, string? Kind, string? Figure, long? Rows, Estimate Value, string? Why = null);

    public static Table<Line> Lines { get; } = new Table<Line>()
        .Text("section", l => l.Section)
        .Text("name", l => l.Name)
        .Text("kind", l => l.Kind)
        .Text("figure", l => l.Figure)
        .Optional("rows", l => l.Rows)
        .Estimate("value", l => l.Value)
        .Text("why", l => l.Why);

    public static Table<PipelineCheck> Checks { get; } = new Table<PipelineCheck>()
        .Text("code", c => c.Code)
        .Text("status", c => c.Status)
        .Text("reason", c => c.Reason)
        .Text("statistic", c => c.Statistic)
        .Optional<double>("value", c => c.Value is double v && double.IsFinite(v) ? v : null)
        .Optional("p_value", c => c.PValue)
        .Value("false_alarm_rate", c => c.FalseAlarmRate)
        .Value("rows", c => c.Rows)
        .Estimate("accuracy_if_fixed", c => c.AccuracyIfFixed)
        .Text("evidence", Evidence);

    public static IEnumerable<Line> Of(FitResult fit) =>
    [
        new("verdict", null, fit.Verdict, null, null, Estimate.Undefined, fit.Why),
        .. fit.Splits.SelectMany(s => s.Metrics.Select(m => new Line("split", s.Split, s.Kind, m.Key, s.Rows, m.Value))),
        .. fit.Reasons.Select(r => new Line("reason", null, null, r.Name, null, r.Figure)),
        .. fit.Classes.SelectMany(c => new Line[]
        {
            new("class", c.Class, c.Verdict, "train_recall", c.TrainRows, c.TrainRecall),
            new("class", c.Class, c.Verdict, "test_recall", c.TestRows, c.TestRecall),
            new("class", c.Class, c.Verdict, "gap", null, c.Gap),
        }),
    ];

    /// <summary>As JSON; null where there is none.</summary>
    private static string? Evidence(PipelineCheck check)
    {
        if (check.Evidence.Count == 0)
        {
            return null;
        }

        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Encoder = Json.Encoder }))
        {
            SummaryJson.WriteEvidence(writer, check.Evidence);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
