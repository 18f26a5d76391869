using GpuDiag.Scoring.Images;

namespace GpuDiag.Scoring;

/// <summary>What a scoring run is asked to do.</summary>
public sealed record ScoreOptions
{
    public required string Model { get; init; }

    /// <summary>Files, patterns and folders.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary><c>COL</c> or <c>NAME=COL</c>: columns of a model input. Empty: by name, then by order.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary><c>NAME=ROLE</c>: what becomes of a model output. Empty: by name.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>The column of images. Null: by name, where the model takes images.</summary>
    public string? Image { get; init; }

    /// <summary>The folder that paths of images are relative to, and must stay below. Null: that of the data file.</summary>
    public string? ImageRoot { get; init; }

    /// <summary>How an image becomes numbers.</summary>
    public ImageRecipe Recipe { get; init; } = new();

    /// <summary>Class names in the order of the model's outputs. Null: from the model's metadata, else numbers.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Columns to copy beside the results; <c>none</c> alone for none. Empty: every column of scalars.</summary>
    public IReadOnlyList<string> Carry { get; init; } = [];

    /// <summary>Hand NaN and null to the model as NaN instead of leaving such rows without a prediction.</summary>
    public bool PassMissing { get; init; }

    /// <summary>Rows per run of the model. Null: 64, fewer where rows are large.</summary>
    public int? Batch { get; init; }

    /// <summary>Rows per part at most. Null: by the size of rows. For tests.</summary>
    public int? PartRows { get; init; }

    /// <summary><c>auto</c>, <c>cuda</c>, <c>cuda:1</c>, <c>cpu</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Runs of the model at a time. Null: one per core.</summary>
    public int? Threads { get; init; }

    /// <summary>Go on where an earlier run of the same options was stopped.</summary>
    public bool Resume { get; init; }

    /// <summary>Leave out files that cannot be read, and leave images that cannot be decoded without a prediction.</summary>
    public bool SkipUnreadable { get; init; }
}
