using GpuDiag.Analyses.Fit;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.PipelineChecks;
using GpuDiag.Analyses.Reliability;
using GpuDiag.Analyses.Results;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>The merged states of a scan and what is needed to read them.</summary>
public sealed record FinishInput
{
    public required CountState Counts { get; init; }

    /// <summary>Null without probabilities.</summary>
    public ScoreState? Scores { get; init; }

    /// <summary>Over all rows; null without probabilities.</summary>
    public RankState? Rank { get; init; }

    /// <summary>Per segmentation, in the order of the plan; null or missing where segments were not ranked.</summary>
    public IReadOnlyList<RankState?> SegmentRanks { get; init; } = [];

    /// <summary>Over all rows, per probability column; null or missing where the bounds of <see cref="Rank"/> are narrow enough.</summary>
    internal IReadOnlyList<RankTally?> RefinedRanks { get; init; } = [];

    public TemperatureFit? Temperatures { get; init; }

    /// <summary>Without what needs the accuracy; null without probabilities.</summary>
    public LabelIssueResult? LabelIssues { get; init; }

    /// <summary>
    /// Class codes whose order is given: those of the probability columns, else of the user's list. Other classes that
    /// rows hold follow, sorted.
    /// </summary>
    public IReadOnlyList<int> ClassOrder { get; init; } = [];

    /// <summary>Null without an embedding, as are the next two.</summary>
    public NeighborResult? Neighbors { get; init; }

    public OutlierResult? Outliers { get; init; }

    /// <summary>Without the metrics of the rows that are not leaked.</summary>
    public DuplicateResult? Duplicates { get; init; }

    /// <summary>Null without a training set.</summary>
    public TrainResult? Train { get; init; }

    /// <summary>Leaked rows by label and prediction.</summary>
    public IReadOnlyList<Cell> LeakedCells { get; init; } = [];

    /// <summary>Rows whose embedding is null, or holds NaN or an infinity.</summary>
    public long NanEmbedding { get; init; }

    /// <summary>Rows whose embedding has no direction.</summary>
    public long ZeroEmbedding { get; init; }

    /// <summary>The segmentation that is the split; null without one.</summary>
    public int? Split { get; init; }

    /// <summary>The segmentation that is counted but not reported; null for none.</summary>
    public int? Hidden { get; init; }

    /// <summary>What neighbours add to the question of fit; null without an embedding.</summary>
    internal FitFacts? Fit { get; init; }

    /// <summary>Right rows of the training set by class code, below 0 for classes that the data lacks; null without one.</summary>
    internal IReadOnlyDictionary<int, Share>? TrainShares { get; init; }

    /// <summary>What was noted for the checks of the pipeline; null for no checks.</summary>
    internal CheckFacts? Checks { get; init; }

    /// <summary>The positive class of a binary task; null for the second in order.</summary>
    public string? PositiveClass { get; init; }

    /// <summary>Null without an embedding.</summary>
    public IReadOnlyList<ClusterResult>? Clusters { get; init; }

    /// <summary>Null without an embedding.</summary>
    public MapResult? Map { get; init; }

    /// <summary>Null when none are asked for.</summary>
    public SliceSearchResult? Slices { get; init; }

    /// <summary>Rows below which a segment is not tested.</summary>
    public long MinSupport { get; init; } = 30;

    /// <summary>Keys the bootstrap.</summary>
    public ulong Seed { get; init; }

    /// <summary>How many threads may work; the result is the same for any.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
