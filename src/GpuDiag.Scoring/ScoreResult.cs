using GpuDiag.Analyses.Scan;

namespace GpuDiag.Scoring;

/// <summary>What a scoring run did.</summary>
public sealed record ScoreResult
{
    public required long Rows { get; init; }

    /// <summary>Rows without results since an input is null or NaN.</summary>
    public required long Missing { get; init; }

    /// <summary>Rows without results since their image could not be read or decoded.</summary>
    public required long Damaged { get; init; }

    /// <summary>Rows for which the model gave NaN: they have probabilities but no prediction.</summary>
    public required long Undefined { get; init; }

    /// <summary>SHA-256 of the model and the files of weights beside it.</summary>
    public required string ModelDigest { get; init; }

    /// <summary>What wrote the model; may be empty.</summary>
    public required string Producer { get; init; }

    public required long Opset { get; init; }

    /// <summary>Columns of each model input: input, columns, how they were chosen.</summary>
    public required IReadOnlyList<RoleTaken> Inputs { get; init; }

    /// <summary>Columns written of each model output: output, column, how it was chosen.</summary>
    public required IReadOnlyList<RoleTaken> Outputs { get; init; }

    /// <summary>Outputs of the model that are not written.</summary>
    public required IReadOnlyList<string> Left { get; init; }

    public required IReadOnlyList<string> Carried { get; init; }

    /// <summary>Columns of the data that a result replaces.</summary>
    public required IReadOnlyList<string> Replaced { get; init; }

    /// <summary>Null where the classes have numbers alone.</summary>
    public required IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Rows per run of the model.</summary>
    public required int Batch { get; init; }

    public required int Parts { get; init; }

    /// <summary>Parts that an earlier run had done.</summary>
    public required int PartsKept { get; init; }

    /// <summary>
    /// The greatest relative difference between results of the first rows and of the same rows in other company. 0: bit for
    /// bit the same. Above <see cref="MostMixing"/> the model mixes rows, and predictions depend on which rows come together.
    /// </summary>
    public required double Mixing { get; init; }

    public const double MostMixing = 1e-3;

    public required DeviceUsed Device { get; init; }

    public required int Threads { get; init; }

    public required IReadOnlyList<InputFile> Files { get; init; }

    public required IReadOnlyList<SkippedFile> Skipped { get; init; }

    public required IReadOnlyList<StageTime> Timings { get; init; }
}
