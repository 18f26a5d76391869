namespace GpuDiag.Analyses.Results;

/// <summary>What confident learning says of the labels.</summary>
public sealed record LabelIssueResult
{
    /// <summary>Which rows are issues: the name of the filter.</summary>
    public required string Filter { get; init; }

    /// <summary>What orders them: the name of the score.</summary>
    public required string Score { get; init; }

    /// <summary>Rows with a known label and a valid row of probabilities.</summary>
    public required long Judged { get; init; }

    /// <summary>Issues.</summary>
    public required long Count { get; init; }

    /// <summary>Issues that the neighbours contradict too; null without an embedding.</summary>
    public long? Contradicted { get; init; }

    /// <summary>Issues that the model got wrong, by the label as it is.</summary>
    public required long Errors { get; init; }

    /// <summary>Issues predicted as suggested and not as labelled, less those predicted as labelled: correct answers that relabelling wins.</summary>
    public required long Won { get; init; }

    /// <summary>Estimated share of rows whose label is wrong.</summary>
    public required Estimate NoiseRate { get; init; }

    /// <summary>Per probability column.</summary>
    public required IReadOnlyList<LabelNoise> Classes { get; init; }

    /// <summary>The estimated joint of given and true class, as shares of the judged rows: non-zero cells, by given, then by true class.</summary>
    public required IReadOnlyList<LabelCell> Joint { get; init; }

    /// <summary>Issues by label and suggested class, most frequent first, then by class order.</summary>
    public required IReadOnlyList<LabelPair> Pairs { get; init; }

    /// <summary>Row numbers, worst first; a limited number.</summary>
    public required IReadOnlyList<long> Rows { get; init; }

    /// <summary>Share of the errors that are issues.</summary>
    public Estimate ShareOfErrors { get; init; }

    /// <summary>What relabelling as suggested adds to the accuracy.</summary>
    public Estimate Gain { get; init; }

    /// <summary>Accuracy with the issues relabelled as suggested.</summary>
    public Estimate CorrectedAccuracy { get; init; }
}

/// <summary>Label noise of one class.</summary>
/// <param name="Rows">Judged rows of this label.</param>
/// <param name="Issues">Flagged ones of these.</param>
/// <param name="NoiseRate">Of the rows of this label, the share that is truly of another class.</param>
/// <param name="InverseNoiseRate">Of the rows truly of this class, the share that has another label.</param>
public sealed record LabelNoise(string Class, long Rows, long Issues, Estimate NoiseRate, Estimate InverseNoiseRate);

/// <summary>A cell of the joint: positions in <see cref="LabelIssueResult.Classes"/>.</summary>
/// <param name="Share">Of all judged rows.</param>
public readonly record struct LabelCell(int Given, int True, double Share);

/// <summary>Issues of one label that are suggested to be of one class.</summary>
public sealed record LabelPair(string Label, string Suggested, long Count);
