namespace GpuDiag.Analyses.Slices;

/// <summary>How slices are searched.</summary>
public sealed record SliceOptions
{
    public const int DefaultLevel = 3, DefaultTop = 10;
    public const double DefaultAlpha = 0.95;

    public SliceObjective Objective { get; init; } = SliceObjective.Error;

    /// <summary>Values of a slice at most; 0 = any number.</summary>
    public int Level { get; init; } = DefaultLevel;

    /// <summary>Slices to find; 0 = none are searched.</summary>
    public int Top { get; init; } = DefaultTop;

    /// <summary>Weight of the errors against the size, above 0, at most 1.</summary>
    public double Alpha { get; init; } = DefaultAlpha;

    /// <summary>Rows of a slice at least. Null: a hundredth of the rows, at least 32.</summary>
    public long? MinRows { get; init; }

    /// <summary>A slice of whose rows 95 % are in a better one is folded under it.</summary>
    public bool Fold { get; init; } = true;

    /// <summary>The true class is a column too. Null: where there are at most 100 classes and 2²⁴ rows.</summary>
    public bool? Label { get; init; }

    /// <summary>The predicted class is a column too.</summary>
    public bool Pred { get; init; }

    /// <summary>σ for so many rows.</summary>
    public long LeastRows(long rows) => Math.Max(1, MinRows ?? Math.Max(32, (rows + 99) / 100));
}
