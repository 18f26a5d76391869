namespace GpuDiag.Analyses.Results;

/// <summary>One line of the rows table.</summary>
/// <param name="Row">0-based position in the dataset.</param>
public sealed record RowResult(long Row, string? Id, string? Split, string? Label, string? Pred, double? Confidence, bool? Correct, double? Loss)
{
    /// <summary>The label is likely wrong; null where it is not judged.</summary>
    public bool? LabelIssue { get; init; }

    /// <summary>From 0, worst, to 1; null without probabilities, or where the row's or its label are not usable.</summary>
    public double? LabelQuality { get; init; }

    /// <summary>The class that a label issue more likely has; null for other rows.</summary>
    public string? SuggestedLabel { get; init; }

    /// <summary>Far from all other rows; null without an embedding, or where the row's is not usable.</summary>
    public bool? Outlier { get; init; }

    /// <summary>From 0, far out, to 1; null as for <see cref="Outlier"/>.</summary>
    public double? OutlierScore { get; init; }

    /// <summary>Share of the rows that are nearer to their neighbours; null as for <see cref="Outlier"/>.</summary>
    public double? OutlierPercentile { get; init; }

    /// <summary>Rows with the same number are duplicates; null for none.</summary>
    public long? DuplicateSet { get; init; }

    /// <summary>The training set, or another split, holds a duplicate; null when it was not looked for.</summary>
    public bool? Leak { get; init; }

    /// <summary>Share of the neighbours that have the row's label.</summary>
    public double? LabelAgreement { get; init; }

    /// <summary>Share of the neighbours whose label is the row's prediction.</summary>
    public double? PredAgreement { get; init; }

    /// <summary>Shapley value of the row for a classifier by nearest neighbours.</summary>
    public double? Shapley { get; init; }

    /// <summary>Why the row is mispredicted (docs/causes.md); null for a row that is right.</summary>
    public string? Cause { get; init; }

    /// <summary>All causes that the row shows evidence of, in order, joined by commas; null as for <see cref="Cause"/>.</summary>
    public string? Evidence { get; init; }

    /// <summary>The surely failing segments that a mispredicted row is in, as column=value joined by "; "; null for none.</summary>
    public string? FailingSegments { get; init; }

    /// <summary>The slices that were found and that the row is in, joined by "; ", best first; null for none.</summary>
    public string? Slices { get; init; }

    /// <summary>Null without an embedding, or without a usable vector.</summary>
    public int? Cluster { get; init; }

    /// <summary>Place on the map; null without one.</summary>
    public double? X { get; init; }

    /// <summary>Place on the map; null without one.</summary>
    public double? Y { get; init; }
}
