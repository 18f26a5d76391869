using GpuDiag.Analyses.Metrics;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>What the checks look at.</summary>
internal sealed record CheckInput
{
    /// <summary>Of all rows.</summary>
    public required ConfusionMatrix Matrix { get; init; }

    public required ClassOrder Classes { get; init; }

    public required CheckFacts Facts { get; init; }

    /// <summary>Of all rows; null without probabilities.</summary>
    public ScoreCell? Scores { get; init; }

    /// <summary>Right and evaluated rows of each split, in the order of results; empty without a split.</summary>
    public IReadOnlyList<SplitTally> Splits { get; init; } = [];

    /// <summary>Keys the halves into which rows are drawn.</summary>
    public ulong Seed { get; init; }

    /// <summary>How many threads may work; the result is the same for any.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>What was noted for the checks while the data was read. Null parts were not there to be noted.</summary>
internal sealed record CheckFacts
{
    public required RowSequence Sequence { get; init; }

    /// <summary>In the order of their rows.</summary>
    public required IReadOnlyList<DataFile> Files { get; init; }

    public ProbabilityLook? Probabilities { get; init; }

    public IdTally? Ids { get; init; }

    public ColumnTally? Columns { get; init; }

    /// <summary>Columns that play a role.</summary>
    public IReadOnlyList<string> RoleColumns { get; init; } = [];

    /// <summary>Null where there is none, or it is taken from probabilities.</summary>
    public string? ConfidenceColumn { get; init; }

    /// <summary>Null without an embedding.</summary>
    public StaleTally? Embedding { get; init; }
}
