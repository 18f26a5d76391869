using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Mining;

/// <summary>What to mine, as plain values: nothing is opened or checked against data yet.</summary>
public sealed record MineOptions
{
    /// <summary>Files, globs and directories of unlabelled rows; at least one.</summary>
    public required IReadOnlyList<string> Pool { get; init; }

    /// <summary>The failures to find more of. Null: only for strategies that need none.</summary>
    public CaseSource? Cases { get; init; }

    /// <summary>Rows that the model was trained on, to have no more of the same. Empty: none.</summary>
    public IReadOnlyList<string> Train { get; init; } = [];

    /// <summary>Rows to choose, at least 1.</summary>
    public required int Budget { get; init; }

    public MineStrategy Strategy { get; init; }

    /// <summary>A list column, or a <c>.npy</c> file beside the pool. Null: found by name, else the only list of numbers.</summary>
    public string? Embedding { get; init; }

    /// <summary>The same for the cases. Null: what the scan used, else <see cref="Embedding"/> if that is a column.</summary>
    public string? CasesEmbedding { get; init; }

    /// <summary>The same for the training set. Null: <see cref="Embedding"/> if that is a column.</summary>
    public string? TrainEmbedding { get; init; }

    /// <summary>Class probabilities of the pool: a list column, or float columns. Empty: found by name, else none.</summary>
    public IReadOnlyList<string> Probs { get; init; } = [];

    /// <summary>The column of ids; <c>none</c>: row numbers. Null: found by name, else row numbers.</summary>
    public string? Id { get; init; }

    /// <summary>Null: cosine in more than three dimensions, else L2.</summary>
    public VectorMetric? Metric { get; init; }

    /// <summary>What a labeller sees is read for the chosen rows.</summary>
    public bool Contents { get; init; }

    /// <summary>The pool's column of images, bytes or paths. Null: found by name.</summary>
    public string? Image { get; init; }

    /// <summary>The pool's column of texts. Null: found by name.</summary>
    public string? Text { get; init; }

    /// <summary>Where images are served, <c>{id}</c> standing for the row's id; null: as the pool has them.</summary>
    public string? Address { get; init; }

    /// <summary>Keys random ranks, draws of scales and, where the cases have no clusters, these.</summary>
    public ulong Seed { get; init; }

    /// <summary><c>auto</c>, <c>cuda[:i]</c>, <c>opencl[:i]</c>, <c>cpu</c>, <c>simulator</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Null: all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes for vectors, lists and batches; results do not depend on it. Null: half of the memory for vectors.</summary>
    public long? Memory { get; init; }

    /// <summary>Folder for vectors that do not fit into memory. Null: the system's temporary folder.</summary>
    public string? Scratch { get; init; }

    /// <summary>Leave out unreadable files and report them, instead of failing at the first.</summary>
    public bool SkipUnreadable { get; init; }

    /// <summary>Where a long search is kept; null for nowhere.</summary>
    internal Neighbors.PieceLog? Log { get; init; }
}

/// <summary>Where failures come from: an earlier scan, which says which rows failed, or a table of predictions.</summary>
public sealed record CaseSource
{
    /// <summary>How messages call it.</summary>
    public required string Name { get; init; }

    /// <summary>The data files that hold the rows and their vectors.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The column of vectors that the scan used; null to find it.</summary>
    public string? Embedding { get; init; }

    /// <summary>The failures by row of <see cref="Inputs"/>; null to find them: rows whose label and prediction differ, all rows without these columns.</summary>
    public IReadOnlyList<FailureCase>? Failures { get; init; }

    /// <summary>Rows of each cluster, failures or not; empty where it is not known.</summary>
    public IReadOnlyDictionary<int, long> ClusterRows { get; init; } = new Dictionary<int, long>();

    /// <summary>Failures that further labels do not mend, by cause: left out of <see cref="Failures"/>.</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new SortedDictionary<string, long>();

    /// <summary>Errors that the scan counted; more than it lists where its rows table is bounded. Null: not known.</summary>
    public long? Errors { get; init; }
}

/// <summary>A row on which the model failed.</summary>
/// <param name="Row">0-based position in the data.</param>
/// <param name="Id">Null: the row number stands for it.</param>
/// <param name="Label">Null without one.</param>
/// <param name="Pred">Null without one.</param>
/// <param name="Cause">As the scan tells it; null without a scan.</param>
/// <param name="Cluster">Null: not known.</param>
public sealed record FailureCase(long Row, string? Id, string? Label, string? Pred, string? Cause, int? Cluster);
