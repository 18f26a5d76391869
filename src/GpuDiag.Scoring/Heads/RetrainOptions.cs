namespace GpuDiag.Scoring.Heads;

/// <summary>What to retrain on, as plain values: nothing is opened or checked against data yet.</summary>
public sealed record RetrainOptions
{
    /// <summary>Labelled rows with embeddings: files, globs and directories; at least one.</summary>
    public required IReadOnlyList<string> Train { get; init; }

    /// <summary>New labels: tables with an id and a label; with embeddings of their own, or for ids of the pool or of the training set.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Where the embeddings of newly labelled rows are.</summary>
    public IReadOnlyList<string> Pool { get; init; } = [];

    /// <summary>Rows to predict with the new head; empty: none.</summary>
    public IReadOnlyList<string> Test { get; init; } = [];

    /// <summary>Positions in the test data of rows that the old model failed on; null: not known.</summary>
    public IReadOnlyList<long>? Cases { get; init; }

    /// <summary>The column of embeddings in all data. Null: found by name.</summary>
    public string? Embedding { get; init; }

    /// <summary>The column of ids in all data. Null: found by name.</summary>
    public string? Id { get; init; }

    /// <summary>The column of classes in all data. Null: found by name.</summary>
    public string? Label { get; init; }

    /// <summary>C, the inverse of the L2 strength. Null: chosen by cross-validation.</summary>
    public double? C { get; init; }

    /// <summary>A head of an earlier run to go on from: its weights, and its C where none is given. Null: none.</summary>
    public string? Warm { get; init; }

    /// <summary>C is chosen by cross-validation although an earlier head says one.</summary>
    public bool Search { get; init; }

    /// <summary>Weights make every class count alike.</summary>
    public bool Balanced { get; init; }

    /// <summary>Parts of the cross-validation, at least 2.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Keys the folds.</summary>
    public ulong Seed { get; init; }

    /// <summary>Null: all cores.</summary>
    public int? Threads { get; init; }

    public long? Memory { get; init; }

    /// <summary>Leave out unreadable files and labels of unknown ids, and report them, instead of failing.</summary>
    public bool Skip { get; init; }
}
