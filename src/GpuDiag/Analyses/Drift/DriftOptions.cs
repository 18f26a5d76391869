namespace GpuDiag.Analyses.Drift;

/// <summary>What to compare, and when a difference counts.</summary>
public sealed record DriftOptions
{
    /// <summary>The reference first, then what is compared with it: each a file, glob or directory.</summary>
    public required IReadOnlyList<string> Datasets { get; init; }

    public string? Label { get; init; }

    public string? Pred { get; init; }

    public string? Confidence { get; init; }

    public string? Id { get; init; }

    /// <summary>Text columns, compared by length; empty: by name.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Columns to compare, patterns allowed; empty: all.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Columns to leave out, patterns allowed.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Whole-number and date columns to compare by value.</summary>
    public IReadOnlyList<string> Categorical { get; init; } = [];

    /// <summary>Effect from which a significant difference is drift.</summary>
    public double Effect { get; init; } = 0.1;

    /// <summary>Share of false alarms among alarms that is allowed: q at most.</summary>
    public double Alpha { get; init; } = 0.05;

    public string Device { get; init; } = "auto";

    /// <summary>Null: all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes that the threads' batches may take together; results do not depend on it.</summary>
    public long? Memory { get; init; }

    public bool SkipUnreadable { get; init; }
}
