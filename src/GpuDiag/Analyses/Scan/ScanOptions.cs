using GpuDiag.Analyses.Labels;
using GpuDiag.Analyses.Slices;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// What to scan and how, as plain values: nothing is opened or checked against data yet.
/// A role left null is found by its conventional names.
/// </summary>
public sealed record ScanOptions
{
    public const int DefaultGallery = 24;

    /// <summary>Files, globs and directories; at least one.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Files, globs and directories of the data that the model was trained on; empty for none. Roles are those of the inputs.</summary>
    public IReadOnlyList<string> Train { get; init; } = [];

    /// <summary>The training set's embedding where it has another name: a list column, or a <c>.npy</c> file aligned with its rows.</summary>
    public string? TrainEmbedding { get; init; }

    public string? Label { get; init; }

    public string? Pred { get; init; }

    /// <summary>
    /// A list column, several float columns (names or globs; their order is the class order), or one <c>.npy</c> file
    /// aligned by row. Empty: found by name.
    /// </summary>
    public IReadOnlyList<string> Probs { get; init; } = [];

    public string? Confidence { get; init; }

    /// <summary>A list column, or a <c>.npy</c> file aligned by row. <c>none</c>: no analysis of embeddings.</summary>
    public string? Embedding { get; init; }

    /// <summary>Neighbours per row, at least 1.</summary>
    public int Neighbors { get; init; } = 10;

    /// <summary>L2 or cosine. Null: cosine in more than three dimensions, else L2.</summary>
    public VectorMetric? Metric { get; init; }

    /// <summary>Which rows are label issues.</summary>
    public LabelFilter LabelFilter { get; init; }

    /// <summary>How the quality of a label is told.</summary>
    public LabelScore LabelScore { get; init; }

    /// <summary>Clusters of the embedding. Null: √(rows/2), from 10 to 100.</summary>
    public int? Clusters { get; init; }

    public string? Id { get; init; }

    public string? Split { get; init; }

    public string? Image { get; init; }

    public string? Text { get; init; }

    /// <summary>Columns, or crosses of columns joined by <c>*</c>. Empty: every column of low cardinality. <c>none</c> alone: no segments.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];

    /// <summary>Float columns to be cut into segments.</summary>
    public IReadOnlyList<BinOption> Bins { get; init; } = [];

    /// <summary>Class names in the order of the probabilities; they also name integer labels 0, 1, …. Null: inferred.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The positive class of a binary task. Null: the second class in order.</summary>
    public string? Positive { get; init; }

    /// <summary>Rows below which a segment is shown but not tested.</summary>
    public int MinSupport { get; init; } = 30;

    public SliceOptions Slices { get; init; } = new();

    /// <summary><c>auto</c>, <c>cuda[:i]</c>, <c>opencl[:i]</c>, <c>cpu</c>, <c>simulator</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Null: all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes that the threads' batches may take together; results do not depend on it, but that slices leave out columns whose sets of rows take more, and say so. Null: some 128 MB per thread.</summary>
    public long? Memory { get; init; }

    public ulong Seed { get; init; }

    /// <summary>Rows in the rows table at most: those with the greatest loss.</summary>
    public int MaxRows { get; init; } = 10_000;

    /// <summary>Every row goes to the rows table, in the order of the dataset; <see cref="MaxRows"/> does not apply.</summary>
    public bool AllRows { get; init; }

    /// <summary>Rows that the gallery shows of each group at most; 0 for no gallery.</summary>
    public int Gallery { get; init; } = DefaultGallery;

    /// <summary>Rows of the map's table at most; 0 for none.</summary>
    public int MapRows { get; init; } = 100_000;

    /// <summary>A row that the rows table shows in any case; null for none.</summary>
    public long? ShownRow { get; init; }

    /// <summary>
    /// Rows above which causes are read off the counts, without another pass, where rows have neither probabilities nor an
    /// embedding and at most one segmentation.
    /// </summary>
    internal long CountedCauses { get; init; } = 1 << 24;

    /// <summary>Errors above which a scan with probabilities reads the data again for causes instead of holding them.</summary>
    internal int NotedErrors { get; init; } = GpuDiag.Analyses.Scan.NotedErrors.Most;

    /// <summary>Leave out unreadable files and report them, instead of failing at the first.</summary>
    public bool SkipUnreadable { get; init; }
}
