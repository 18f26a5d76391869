namespace GpuDiag.Analyses.Results;

/// <summary>The training set beside the data.</summary>
/// <param name="Rows">All of them.</param>
/// <param name="Labelled">Those with a label.</param>
/// <param name="MissingClasses">Classes of rows of the data that no training row has; empty without training labels.</param>
/// <param name="ExtraClasses">Classes of training rows that no row of the data has; empty where no row has a label.</param>
public sealed record TrainResult(long Rows, long Labelled, IReadOnlyList<string> MissingClasses, IReadOnlyList<string> ExtraClasses)
{
    /// <summary>Rows whose vector is compared; null without an embedding in both.</summary>
    public long? Embedded { get; init; }

    /// <summary>Rows left out: the vector is null, or holds NaN or an infinity.</summary>
    public long NanEmbedding { get; init; }

    /// <summary>Rows left out: the vector has no direction.</summary>
    public long ZeroEmbedding { get; init; }
}
