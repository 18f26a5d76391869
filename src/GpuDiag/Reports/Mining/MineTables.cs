using System.Globalization;
using GpuDiag.Analyses.Mining;
using GpuDiag.Reports.Tables;

namespace GpuDiag.Reports.Mining;

/// <summary>The table of mined rows: names and types of its columns are a contract (docs/mine.md).</summary>
internal static class MineTables
{
    public static Table<MinedRow> Rows { get; } = new Table<MinedRow>()
        .Value("rank", r => r.Rank)
        .Text("id", r => r.Id)
        .Value("row", r => r.Row)
        .Optional("score", r => Finite(r.Score))
        .Text("reason", Reason)
        .Text("resembles", r => r.Resembles is { } c ? Name(c) : null)
        .Optional("resembles_row", r => r.Resembles?.Row)
        .Text("resembles_label", r => r.Resembles?.Label)
        .Text("resembles_pred", r => r.Resembles?.Pred)
        .Text("resembles_cause", r => r.Resembles?.Cause)
        .Optional("cluster", r => r.Cluster)
        .Optional("distance", r => r.Distance)
        .Optional("similarity", r => r.Similarity)
        .Text("pred", r => r.Pred)
        .Optional("confidence", r => r.Confidence)
        .Optional("margin", r => r.Margin)
        .Optional("entropy", r => r.Entropy)
        .Text("nearest_train", r => r.NearestTrain)
        .Optional("train_distance", r => Finite(r.TrainDistance));

    /// <summary>Why the row is worth a label, in one sentence.</summary>
    public static string Reason(MinedRow row)
    {
        List<string> parts = [];
        if (row.Resembles is { } failure)
        {
            string kind = failure is { Label: { } label, Pred: { } pred } ? $" ({label} taken for {pred})" : failure.Label is { } only ? $" ({only})" : "";
            parts.Add($"like failure {Name(failure)}{kind} of cluster {row.Cluster}, at distance {Plain.Magnitude(row.Distance!.Value)}");
        }
        if (row.Margin is double margin)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"the model {(margin < 0.2 ? "is torn" : margin < 0.6 ? "is unsure" : "is sure")} (margin {margin:0.00})"));
        if (row.TrainDistance is double train && double.IsFinite(train))
            parts.Add($"nearest in train: {row.NearestTrain} at {Plain.Magnitude(train)}");
        return string.Join("; ", parts);
    }

    public static string Name(FailureCase failure) => failure.Id ?? failure.Row.ToString(CultureInfo.InvariantCulture);

    private static double? Finite(double? value) => value is double v && double.IsFinite(v) ? v : null;
}
