using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>What the console says of the training set.</summary>
internal static class TrainSummary
{
    private const int Names = 5;

    public static string Text(TrainResult train)
    {
        IEnumerable<string?> parts =
        [
            $"Training set: {Plain.Count(train.Rows)} rows",
            Unless(train.Rows - train.Labelled, "without a label"),
            train.Embedded is null ? "no embedding compared" : null,
            Unless(train.NanEmbedding, "without an embedding"),
            Unless(train.ZeroEmbedding, "with an embedding of zeros"),
            Classes("lacks the classes", train.MissingClasses),
            Classes("has further classes", train.ExtraClasses),
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    private static string? Unless(long rows, string reason) => rows == 0 ? null : $"{Plain.Count(rows)} {reason}";

    private static string? Classes(string what, IReadOnlyList<string> names) => names.Count == 0
        ? null
        : $"{what} {string.Join(", ", names.Take(Names).Select(n => Plain.Name(n, 30)))}{(names.Count > Names ? $" and {Plain.Count(names.Count - Names)} more" : "")}";
}
