using GpuDiag.Analyses.Scan;

namespace GpuDiag.Analyses.Drift;

/// <summary>What to compare, and when a difference counts.</summary>
public sealed record DriftOptions
{
    /// <summary>The reference first, then what is compared with it: each a file, glob, directory or saved state.</summary>
    public required IReadOnlyList<string> Datasets { get; init; }

    /// <summary>Further data of the reference, datasets or saved states.</summary>
    public IReadOnlyList<string> Further { get; init; } = [];

    public string? Label { get; init; }

    public string? Pred { get; init; }

    public string? Confidence { get; init; }

    /// <summary>A list of class probabilities, whose greatest is the confidence where there is no column of it.</summary>
    public string? Probs { get; init; }

    public string? Embedding { get; init; }

    public string? Id { get; init; }

    /// <summary>Text columns, compared by length; empty: by name.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Columns to compare, patterns allowed; empty: all.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Columns to leave out, patterns allowed.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Whole-number and date columns to compare by value.</summary>
    public IReadOnlyList<string> Categorical { get; init; } = [];

    /// <summary>Columns, or crosses of columns joined by <c>*</c>, whose values are cells of accuracy. Empty: compared categories of few values. <c>none</c> alone: none.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];

    /// <summary>Numeric columns whose quantiles in the reference make cells of accuracy.</summary>
    public IReadOnlyList<BinOption> Bins { get; init; } = [];

    /// <summary>Effect from which a significant difference is drift.</summary>
    public double Effect { get; init; } = 0.1;

    /// <summary>Share of false alarms among alarms that is allowed: q at most.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Options in use that decide what is kept of a reference, so that a saved one settles them.</summary>
    internal IEnumerable<string> SettlingOptions
    {
        get
        {
            (string Name, bool Given)[] all =
            [
                ("label", Label is not null), ("pred", Pred is not null), ("confidence", Confidence is not null), ("probs", Probs is not null), ("embedding", Embedding is not null), ("id", Id is not null), ("text", Texts.Count > 0),
                ("column", Columns.Count > 0), ("ignore", Ignored.Count > 0), ("categorical", Categorical.Count > 0), ("segment", Segments.Count > 0), ("bin", Bins.Count > 0),
            ];
            return all.Where(o => o.Given).Select(o => o.Name);
        }
    }

    public string Device { get; init; } = "auto";

    /// <summary>Null: all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes that the threads' batches may take together; results do not depend on it.</summary>
    public long? Memory { get; init; }

    public bool SkipUnreadable { get; init; }
}
