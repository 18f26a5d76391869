namespace GpuDiag.Analyses.Results;

/// <summary>
/// All that a scan found: the model behind every report. Names of metrics are those of the design; order of lists is
/// the order of output.
/// </summary>
public sealed record ScanResult
{
    /// <summary>"binary" or "multiclass".</summary>
    public required string Task { get; init; }

    public required long Rows { get; init; }

    public required Exclusions Excluded { get; init; }

    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>The positive class of a binary task.</summary>
    public string? PositiveClass { get; init; }

    /// <summary>By metric name, in the order of the design.</summary>
    public required IReadOnlyDictionary<string, Estimate> Metrics { get; init; }

    /// <summary>"bootstrap" or "delta": how intervals of functions of the confusion matrix were made.</summary>
    public required string IntervalMethod { get; init; }

    /// <summary>In the order of <see cref="ClassNames"/>.</summary>
    public required IReadOnlyList<ClassResult> Classes { get; init; }

    /// <summary>Off-diagonal cells, most frequent first, then by class order.</summary>
    public required IReadOnlyList<Confusion> Confusions { get; init; }

    /// <summary>Most surely worst first.</summary>
    public required IReadOnlyList<SegmentResult> Segments { get; init; }

    /// <summary>Null when there is no confidence.</summary>
    public CalibrationResult? Calibration { get; init; }

    /// <summary>Null without probabilities.</summary>
    public LabelIssueResult? LabelIssues { get; init; }

    /// <summary>Null when none were asked for.</summary>
    public SliceSearchResult? Slices { get; init; }

    /// <summary>Most surely worst first; null without an embedding.</summary>
    public IReadOnlyList<ClusterResult>? Clusters { get; init; }

    /// <summary>Null without an embedding.</summary>
    public MapResult? Map { get; init; }

    /// <summary>Null without a training set.</summary>
    public TrainResult? Train { get; init; }

    /// <summary>Null without an embedding, as are the next two.</summary>
    public NeighborResult? Neighbors { get; init; }

    public DuplicateResult? Duplicates { get; init; }

    public OutlierResult? Outliers { get; init; }

    /// <summary>Null while it is not known.</summary>
    public CauseResult? Causes { get; init; }

    /// <summary>Null without splits and without a training set.</summary>
    public FitResult? Fit { get; init; }

    /// <summary>Null when it was not looked at.</summary>
    public PipelineResult? Pipeline { get; init; }

    /// <summary>Null where none is asked for.</summary>
    public GalleryResult? Gallery { get; init; }

    /// <summary>ROC and precision–recall curves; null without probabilities.</summary>
    public CurvesResult? Curves { get; init; }

    /// <summary>Positions of the classes, such that those that are confused stand near each other.</summary>
    public IReadOnlyList<int> ClassOrder { get; init; } = [];

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What to do, greatest gain first.</summary>
    public IReadOnlyList<ActionResult> Actions { get; init; } = [];
}

/// <summary>Rows left out, by reason. A row may be left out of some metrics only: then it counts for each reason.</summary>
public sealed record Exclusions(long NullLabel, long NullPred, long NanProbs, long ProbsOutOfRange, long NanConfidence, long ConfidenceOutOfRange, long UnknownLabel)
{
    /// <summary>Embeddings that are null or hold NaN or an infinity.</summary>
    public long NanEmbedding { get; init; }

    /// <summary>Embeddings of zeros, which have no direction, where directions are compared.</summary>
    public long ZeroEmbedding { get; init; }
}

/// <summary>One class against the rest.</summary>
public sealed record ClassResult(string Class, long Support, long Predicted, Estimate Precision, Estimate Recall, Estimate F1, Estimate RocAuc, Estimate AveragePrecision);

/// <summary>An off-diagonal cell of the confusion matrix.</summary>
public sealed record Confusion(string Label, string Pred, long Count);

/// <summary>One segment against all other rows of its column.</summary>
public sealed record SegmentResult
{
    public required string Column { get; init; }

    /// <summary>The value's text; of a cross, the values joined by <c>*</c>; "null" for rows without one.</summary>
    public required string Value { get; init; }

    /// <summary>The value is missing: told apart from the text "null".</summary>
    public bool IsNull { get; init; }

    public required long Rows { get; init; }

    public required long Errors { get; init; }

    /// <summary>By metric name; at least accuracy and f1_macro.</summary>
    public required IReadOnlyDictionary<string, Estimate> Metrics { get; init; }

    /// <summary>As <see cref="ScanResult.IntervalMethod"/>; one for all segments of a column.</summary>
    public string IntervalMethod { get; init; } = "";

    /// <summary>One-sided: accuracy below that of the column's other rows. Null below the minimum support.</summary>
    public double? PValue { get; init; }

    /// <summary>Benjamini–Hochberg over all tested segments, so known when all are tested.</summary>
    public double? QValue { get; internal set; }

    /// <summary>Reliability of this segment; null when there is no confidence.</summary>
    public CalibrationResult? Calibration { get; init; }
}

/// <summary>Reliability of the confidences of one set of rows.</summary>
public sealed record CalibrationResult(int Bins, string Convention, double? Ece, double? Mce, double? Temperature, IReadOnlyList<CalibrationBin> Curve);

/// <summary>One bin of the reliability curve: (low, high].</summary>
public sealed record CalibrationBin(double Low, double High, long Rows, double? Confidence, Estimate Accuracy);

/// <summary>Something the user should know, with figures and what to do.</summary>
/// <param name="Code">Stable, dotted: <c>segment.underperforms</c>.</param>
/// <param name="Severity">high, medium, low.</param>
/// <param name="Evidence">Figures and names, in order; values are string, long, double or null.</param>
/// <param name="Gain">Estimated gain in accuracy, where it can be told.</param>
public sealed record Finding(string Code, string Severity, string Title, IReadOnlyDictionary<string, object?> Evidence, long Rows, Estimate Gain, string Action);
