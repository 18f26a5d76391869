namespace GpuDiag.Analyses.Results;

/// <summary>DeLong's test of one class against the rest.</summary>
/// <param name="StandardError">Of the change; null below two rows of either kind.</param>
/// <param name="Z">The change in standard errors.</param>
/// <param name="PValue">Two-sided.</param>
/// <param name="IsExact">All scores were told apart; else some that differ by less than a millionth or so count as equal.</param>
public sealed record DeLongResult(string Class, Estimate Before, Estimate After, Estimate Delta, double? StandardError, double? Z, double? PValue, bool IsExact);

/// <summary>A combination of values on which AFTER breaks much of what BEFORE had right.</summary>
/// <param name="Slice">As found: its errors are the broken rows.</param>
/// <param name="PValue">McNemar's.</param>
/// <param name="QValue">Over all combinations that were formed.</param>
public sealed record RegressedSlice(SliceResult Slice, PairTable Table, Estimate Delta, double PValue, double QValue, CompareVerdict Verdict);

/// <summary>Where the clusters of a comparison are from.</summary>
/// <param name="By"><c>embedding</c>: made here, of BEFORE's rows; <c>scan</c>: taken from an earlier scan; null: there are none.</param>
/// <param name="Source">The column, or the scan's folder.</param>
/// <param name="Metric"><c>cosine</c> or <c>l2</c>; null where that is not known.</param>
/// <param name="Reason">Why there are none.</param>
public sealed record ClusterOrigin(string? By, string Source, string? Metric, string? Reason)
{
    /// <summary>Compared rows without a usable vector, which are in no cluster.</summary>
    public long Excluded { get; init; }
}

/// <summary>Both models on the rows of a cluster.</summary>
/// <param name="Cluster">Its number: 0 for the one with most vectors.</param>
/// <param name="Group">Its figures; q-values are over all tested clusters.</param>
public sealed record ClusterPair(int Cluster, PairedGroup Group)
{
    /// <summary>What rows that only BEFORE has right are mostly taken for by AFTER; null without such rows.</summary>
    public Confusion? Broken { get; init; }

    /// <summary>The row of BEFORE nearest to the centroid; null where the scan that they are from does not tell.</summary>
    public long? Medoid { get; init; }

    /// <summary>Values of segment columns that are surely commoner here than elsewhere, most surely first.</summary>
    public IReadOnlyList<ClusterValue> OverRepresented { get; init; } = [];
}

/// <summary>How the models differ on a row.</summary>
public enum FlipKind
{
    /// <summary>Only BEFORE has it right.</summary>
    Broken,

    /// <summary>Only AFTER has it right.</summary>
    Fixed,

    /// <summary>Neither has.</summary>
    StillWrong,
}

/// <summary>A row on which the models differ, or both are wrong.</summary>
/// <param name="Row">In BEFORE.</param>
public sealed record FlipRow(FlipKind Kind, long Row, string Id, string Label, string Before, string After, double? ConfidenceBefore, double? ConfidenceAfter)
{
    /// <summary>A thumbnail; null where there is none, or no room for it.</summary>
    public byte[]? Image { get; init; }

    /// <summary>Its media type; <c>broken</c> where the picture cannot be read.</summary>
    public string? ImageType { get; init; }
}

/// <summary>Cases of one cause, or in one cluster.</summary>
/// <param name="Fixed">Of those that BEFORE has wrong, the share that AFTER has right.</param>
public sealed record CaseGroup(string Name, PairTable Table, Estimate Fixed);

/// <summary>How AFTER does on the cases of an earlier scan of BEFORE.</summary>
public sealed record CasesResult
{
    public required string Source { get; init; }

    /// <summary>In the scan.</summary>
    public required long Cases { get; init; }

    /// <summary>Of the cases that were compared.</summary>
    public required PairTable Table { get; init; }

    /// <summary>Of those that BEFORE has wrong, the share that AFTER has right: they were chosen because BEFORE failed, so a part of it is chance.</summary>
    public required Estimate Fixed { get; init; }

    /// <summary>Errors of BEFORE that are no cases.</summary>
    public required long OtherErrors { get; init; }

    /// <summary>Of these, the share that AFTER has right: undefined where there are none.</summary>
    public required Estimate OtherFixed { get; init; }

    /// <summary>By how much more of the cases are fixed.</summary>
    public required Estimate Excess { get; init; }

    /// <summary>Neighbours of the cases, chosen whatever BEFORE makes of themselves: the honest estimate.</summary>
    public required PairTable Neighbors { get; init; }

    public required Estimate NeighborsBefore { get; init; }

    public required Estimate NeighborsAfter { get; init; }

    public required Estimate NeighborsDelta { get; init; }

    public required double? NeighborsPValue { get; init; }

    public required CompareVerdict NeighborsVerdict { get; init; }

    public required IReadOnlyList<CaseGroup> Causes { get; init; }

    public required IReadOnlyList<CaseGroup> Clusters { get; init; }
}
