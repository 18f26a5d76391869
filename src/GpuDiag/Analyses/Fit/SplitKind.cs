namespace GpuDiag.Analyses.Fit;

/// <summary>What a split is for.</summary>
internal enum SplitKind
{
    /// <summary>Its name does not say.</summary>
    Other,
    Train,
    Validation,
    Test,
}

/// <summary>What the names of splits say.</summary>
internal static class SplitKinds
{
    public static string Name(SplitKind kind) => kind switch
    {
        SplitKind.Train => "train",
        SplitKind.Validation => "validation",
        SplitKind.Test => "test",
        _ => "other",
    };

    /// <summary>
    /// Without regard to case: train, training, fit; val, valid, validation, dev; test, testing, holdout, eval, evaluation.
    /// </summary>
    public static SplitKind Of(string? name) => name?.Trim().ToLowerInvariant() switch
    {
        "train" or "training" or "fit" => SplitKind.Train,
        "val" or "valid" or "validation" or "dev" => SplitKind.Validation,
        "test" or "testing" or "holdout" or "eval" or "evaluation" => SplitKind.Test,
        _ => SplitKind.Other,
    };
}
