namespace GpuDiag.Analyses.Results;

/// <summary>What a comparison of two models on the same rows gives to the reports: the same on every machine.</summary>
public sealed record CompareResult
{
    /// <summary><c>binary</c> or <c>multiclass</c>.</summary>
    public required string Task { get; init; }

    /// <summary>How rows of the two sides were matched, and what was not.</summary>
    public required JoinResult Join { get; init; }

    /// <summary>Matched rows that were left out.</summary>
    public required CompareExclusions Excluded { get; init; }

    /// <summary>In the order of results.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Null unless binary.</summary>
    public string? PositiveClass { get; init; }

    /// <summary>The loss of accuracy that still counts as none.</summary>
    public required double Margin { get; init; }

    /// <summary>All rows that were compared.</summary>
    public required PairedGroup Overall { get; init; }

    /// <summary>In class order: the rows that have the class as label.</summary>
    public required IReadOnlyList<ClassPair> Classes { get; init; }

    /// <summary>Most surely worse first.</summary>
    public required IReadOnlyList<PairedGroup> Segments { get; init; }

    /// <summary>Most surely worse first; null without clusters.</summary>
    public IReadOnlyList<ClusterPair>? Clusters { get; init; }

    /// <summary>Where the clusters are from, or why there are none; null where nothing was named to take them from.</summary>
    public ClusterOrigin? ClusterOrigin { get; init; }

    /// <summary>Per class that both models have probabilities of; empty without.</summary>
    public required IReadOnlyList<DeLongResult> DeLong { get; init; }

    /// <summary>Rows that both models gave valid probabilities; null where either has none at all.</summary>
    public long? ScoredRows { get; init; }

    /// <summary>Rows with both confidences; null where either model has none at all.</summary>
    public long? ConfidenceRows { get; init; }

    /// <summary>What was searched for combinations that AFTER breaks; null where none were asked for.</summary>
    public SliceSearchResult? SliceSearch { get; init; }

    /// <summary>The combinations found, by score.</summary>
    public IReadOnlyList<RegressedSlice> Slices { get; init; } = [];

    /// <summary>Null unless asked for.</summary>
    public CasesResult? Cases { get; init; }

    /// <summary>Groups whose verdict is worse, most surely first.</summary>
    public required IReadOnlyList<Regression> Regressions { get; init; }

    /// <summary>Of the deltas of functions of the confusion matrix over all rows: <c>bootstrap</c> or <c>delta</c>.</summary>
    public required string IntervalMethod { get; init; }
}

/// <summary>How the rows of BEFORE and AFTER were matched.</summary>
/// <param name="By"><c>id</c>, <c>order</c>, or <c>columns</c>: both predictions stand in one table.</param>
/// <param name="BeforeRows">Rows of BEFORE.</param>
/// <param name="AfterRows">Rows of AFTER.</param>
/// <param name="Matched">Pairs of rows.</param>
/// <param name="OnlyBefore">Rows of BEFORE whose id AFTER lacks.</param>
/// <param name="OnlyAfter">Rows of AFTER whose id BEFORE lacks.</param>
/// <param name="RepeatedBefore">Rows of BEFORE left out because their id occurs more than once on either side.</param>
/// <param name="RepeatedAfter">Likewise of AFTER.</param>
/// <param name="NullIdBefore">Rows of BEFORE without an id.</param>
/// <param name="NullIdAfter">Rows of AFTER without an id.</param>
public sealed record JoinResult(
    string By,
    long BeforeRows,
    long AfterRows,
    long Matched,
    long OnlyBefore = 0,
    long OnlyAfter = 0,
    long RepeatedBefore = 0,
    long RepeatedAfter = 0,
    long NullIdBefore = 0,
    long NullIdAfter = 0);

/// <summary>Matched rows that were not compared. A row without either prediction counts in both.</summary>
public sealed record CompareExclusions(long NullLabel, long LabelDisagrees, long NullPredBefore, long NullPredAfter);

/// <summary>Rows by whether each model has them right.</summary>
public readonly record struct PairTable(long BothRight, long OnlyBefore, long OnlyAfter, long BothWrong)
{
    public long Rows => BothRight + OnlyBefore + OnlyAfter + BothWrong;

    public long Discordant => OnlyBefore + OnlyAfter;
}

/// <summary>A figure of both models on the same rows.</summary>
/// <param name="Delta">After − before, with its paired interval.</param>
public readonly record struct MetricDelta(string Name, Estimate Before, Estimate After, Estimate Delta);

/// <summary>McNemar's test.</summary>
/// <param name="Statistic">That of the test that <paramref name="PValue"/> is of: the rarer kind of discordant rows where exact, else the corrected χ².</param>
/// <param name="PValue">Exact below 25 discordant rows, else corrected.</param>
/// <param name="IsExact">Which.</param>
/// <param name="ExactPValue">By the binomial distribution.</param>
/// <param name="CorrectedStatistic">χ² with continuity correction.</param>
/// <param name="CorrectedPValue">Its p-value.</param>
public sealed record McNemarResult(double Statistic, double PValue, bool IsExact, double ExactPValue, double CorrectedStatistic, double CorrectedPValue);

/// <summary>What can be said of AFTER against BEFORE.</summary>
public enum CompareVerdict
{
    /// <summary>Surely more accurate.</summary>
    Better,

    /// <summary>Surely no less accurate than the margin allows.</summary>
    NotWorse,

    /// <summary>Surely less accurate, and maybe by more than the margin.</summary>
    Worse,

    /// <summary>None of these.</summary>
    CannotTell,
}

/// <summary>Both models on one set of rows.</summary>
public sealed record PairedGroup
{
    /// <summary>The segmentation; empty for all rows.</summary>
    public required string Column { get; init; }

    /// <summary>The value's text; <c>null</c> for rows without one.</summary>
    public required string Value { get; init; }

    public required bool IsNull { get; init; }

    public required PairTable Table { get; init; }

    /// <summary>Share of rows that only BEFORE has right.</summary>
    public required Estimate NegativeFlipRate { get; init; }

    /// <summary>Share of rows that only AFTER has right.</summary>
    public required Estimate PositiveFlipRate { get; init; }

    /// <summary>Of the rows that BEFORE has right, the share that AFTER has right too.</summary>
    public required Estimate BackwardTrust { get; init; }

    /// <summary>Of the rows that AFTER has wrong, the share that BEFORE had wrong too.</summary>
    public required Estimate ErrorCompatibility { get; init; }

    public required McNemarResult McNemar { get; init; }

    /// <summary>In the order of a scan's metrics; the first is accuracy.</summary>
    public required IReadOnlyList<MetricDelta> Metrics { get; init; }

    /// <summary>Null where the rows are too few to be tested.</summary>
    public double? PValue { get; init; }

    /// <summary>By Benjamini and Hochberg over every tested segment of every segmentation.</summary>
    public double? QValue { get; set; }

    public required CompareVerdict Verdict { get; set; }

    public MetricDelta Accuracy => Metrics[0];
}

/// <summary>Both models on one class.</summary>
/// <param name="Table">Of the rows that have it as label.</param>
/// <param name="Metrics">precision, recall, f1; with probabilities roc_auc and average_precision.</param>
/// <param name="PValue">McNemar's, of recall; null where the rows are too few.</param>
/// <param name="QValue">Over all tested classes.</param>
/// <param name="Verdict">On recall.</param>
public sealed record ClassPair(string Class, PairTable Table, IReadOnlyList<MetricDelta> Metrics, double? PValue, double? QValue, CompareVerdict Verdict)
{
    public MetricDelta Recall => Metrics[1];
}

/// <summary>A group of rows on which AFTER is surely worse.</summary>
/// <param name="Kind"><c>class</c>, <c>segment</c>, <c>cluster</c>, <c>slice</c>.</param>
/// <param name="Group">As shown: <c>weather=fog</c>.</param>
/// <param name="Delta">Of accuracy; of a class, of its recall.</param>
public sealed record Regression(string Kind, string Group, PairTable Table, Estimate Delta, double PValue, double QValue);
