using GpuDiag.Analyses.Scan;

namespace GpuDiag.Analyses.Compare;

/// <summary>What to compare and how, as plain values: nothing is opened or checked against data yet.</summary>
public sealed record CompareOptions
{
    /// <summary>Of BEFORE, and all that both sides share: roles, classes, segments, device. Its predictions are those of the model before.</summary>
    public required ScanOptions Before { get; init; }

    /// <summary>Files, globs and directories of the model after; empty: both models' predictions stand in one table.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Predicted class of the model before, where the two have other names.</summary>
    public string? PredBefore { get; init; }

    public string? PredAfter { get; init; }

    /// <summary>Probabilities of the model before, where the two have other names; as <see cref="ScanOptions.Probs"/>.</summary>
    public IReadOnlyList<string> ProbsBefore { get; init; } = [];

    public IReadOnlyList<string> ProbsAfter { get; init; } = [];

    public string? ConfidenceBefore { get; init; }

    public string? ConfidenceAfter { get; init; }

    /// <summary>The loss of accuracy that counts as none: from 0 to 1.</summary>
    public double Margin { get; init; } = DefaultMargin;

    /// <summary>The folder of an earlier scan of BEFORE, or a table of rows: how AFTER does on them. Null: none.</summary>
    public string? Cases { get; init; }

    /// <summary>Where rows go that do not fit into memory.</summary>
    public string Scratch { get; init; } = ".";

    public const double DefaultMargin = 0.01;

    public bool IsOneTable => After.Count == 0;
}
