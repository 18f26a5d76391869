using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>What to search, as plain values: nothing is opened or checked against data yet.</summary>
public sealed record KnnOptions
{
    /// <summary>Files, globs and directories; at least one.</summary>
    public required IReadOnlyList<string> Queries { get; init; }

    /// <summary>Likewise. Empty: the queries are searched among themselves, each without itself.</summary>
    public IReadOnlyList<string> Base { get; init; } = [];

    /// <summary>Neighbours per query, at least 1.</summary>
    public int K { get; init; } = 10;

    /// <summary>Null: cosine in more than three dimensions, else L2.</summary>
    public VectorMetric? Metric { get; init; }

    /// <summary>A base row with the query's row number is none of its neighbours. Always so when <see cref="Base"/> is empty.</summary>
    public bool ExcludeSelf { get; init; }

    /// <summary>A list column of both sides, or a <c>.npy</c> file beside the queries. Null: found by name, else the only list of numbers.</summary>
    public string? Embedding { get; init; }

    /// <summary>The same for the base. Null: <see cref="Embedding"/>, if that is a column.</summary>
    public string? BaseEmbedding { get; init; }

    /// <summary>The column of ids of both sides; <c>none</c>: row numbers. Null: found by name, else row numbers.</summary>
    public string? Id { get; init; }

    /// <summary>The same for the base. Null: <see cref="Id"/>.</summary>
    public string? BaseId { get; init; }

    /// <summary><c>auto</c>, <c>cuda[:i]</c>, <c>opencl[:i]</c>, <c>cpu</c>, <c>simulator</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Null: all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes for vectors, what is found, and batches; results do not depend on it. Null: half of the memory for vectors.</summary>
    public long? Memory { get; init; }

    /// <summary>Folder for vectors that do not fit into memory. Null: the system's temporary folder.</summary>
    public string? Scratch { get; init; }

    /// <summary>Leave out unreadable files and report them, instead of failing at the first.</summary>
    public bool SkipUnreadable { get; init; }

    /// <summary>Where a long search is kept; null for nowhere.</summary>
    internal PieceLog? Log { get; init; }
}
