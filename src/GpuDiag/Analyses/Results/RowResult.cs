namespace GpuDiag.Analyses.Results;

/// <summary>One line of the rows table.</summary>
/// <param name="Row">0-based position in the dataset.</param>
public sealed record RowResult(long Row, string? Id, string? Split, string? Label, string? Pred, double? Confidence, bool? Correct, double? Loss)
{
    /// <summary>Null without an embedding, or without a usable vector.</summary>
    public int? Cluster { get; init; }

    /// <summary>Place on the map; null without one.</summary>
    public double? X { get; init; }

    /// <summary>Place on the map; null without one.</summary>
    public double? Y { get; init; }
}
