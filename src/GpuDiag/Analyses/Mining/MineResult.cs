using GpuDiag.Analyses.Neighbors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Mining;

/// <summary>What was mined; the same on every machine.</summary>
public sealed record MineResult
{
    public required MineStrategy Strategy { get; init; }

    /// <summary>As asked for; fewer rows come out where the pool has no more that differ.</summary>
    public required int Budget { get; init; }

    public required KnnSide Pool { get; init; }

    /// <summary>Pool rows without valid probabilities; null where the pool has no probabilities.</summary>
    public required long? WithoutProbabilities { get; init; }

    public required int Width { get; init; }

    public required VectorMetric Metric { get; init; }

    /// <summary>Null without cases.</summary>
    public required CaseCounts? Cases { get; init; }

    /// <summary>Rows of the training set, unusable ones among them; null without one.</summary>
    public required long? TrainRows { get; init; }

    /// <summary>The distance τ at which likeness falls to 1/e, and below which rows count as alike; null without cases.</summary>
    public required double? Scale { get; init; }

    /// <summary>Candidates that were left out because the training set holds the same vector.</summary>
    public required long InTrain { get; init; }

    /// <summary>Candidates that were left out because a chosen row has the same vector.</summary>
    public required long Repeated { get; init; }

    /// <summary>By severity, the most severe first; empty without cases.</summary>
    public required IReadOnlyList<MinedGroup> Groups { get; init; }

    /// <summary>In the order in which they were chosen.</summary>
    public required IReadOnlyList<MinedRow> Rows { get; init; }
}

/// <summary>The cases as counted.</summary>
/// <param name="Name">Of their source.</param>
/// <param name="Anchors">Failures that were searched for.</param>
/// <param name="Unusable">Failures without a usable vector: left out.</param>
/// <param name="LeftOut">Failures that further labels do not mend, by cause: left out.</param>
/// <param name="Errors">Errors that the scan counted; null where it is not known.</param>
public sealed record CaseCounts(string Name, long Anchors, long Unusable, IReadOnlyDictionary<string, long> LeftOut, long? Errors);

/// <summary>A cluster of failures and its share of the budget.</summary>
/// <param name="Cluster">Number of the scan's cluster, or of one made here.</param>
/// <param name="Rows">Rows of the cluster; its failures where no more is known.</param>
/// <param name="Failures">Anchors in it.</param>
/// <param name="Severity">Failures × the lower end of Wilson's interval of failures among rows.</param>
/// <param name="Quota">Rows of the budget that are its due.</param>
/// <param name="Mined">Rows that it got.</param>
/// <param name="Label">Of the most frequent kind of failure in it; null without one.</param>
/// <param name="Pred">Likewise.</param>
public sealed record MinedGroup(int Cluster, long Rows, long Failures, double Severity, int Quota, int Mined, string? Label, string? Pred);

/// <summary>A pool row worth a label.</summary>
/// <param name="Rank">1 was chosen first.</param>
/// <param name="Row">0-based position in the pool.</param>
/// <param name="Id">The row number where the pool has no ids.</param>
/// <param name="Score">What it was chosen by: the greater, the more it is worth.</param>
public sealed record MinedRow(int Rank, long Row, string Id, double Score)
{
    /// <summary>The nearest failure; null without cases.</summary>
    public FailureCase? Resembles { get; init; }

    /// <summary>To the nearest failure.</summary>
    public double? Distance { get; init; }

    /// <summary>e^(−distance / τ).</summary>
    public double? Similarity { get; init; }

    /// <summary>The failure's cluster.</summary>
    public int? Cluster { get; init; }

    /// <summary>What the model predicts; null where the pool does not say.</summary>
    public string? Pred { get; init; }

    /// <summary>The greatest probability; null without probabilities.</summary>
    public double? Confidence { get; init; }

    /// <summary>The greatest probability less the second.</summary>
    public double? Margin { get; init; }

    /// <summary>Nats.</summary>
    public double? Entropy { get; init; }

    /// <summary>What a labeller sees; null unless it was asked for and is there.</summary>
    public RowContent? Content { get; init; }

    /// <summary>The nearest training row, by id or number; null without a training set.</summary>
    public string? NearestTrain { get; init; }

    public double? TrainDistance { get; init; }
}
