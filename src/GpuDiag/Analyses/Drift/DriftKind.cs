namespace GpuDiag.Analyses.Drift;

/// <summary>What a compared column is, which decides how it is compared.</summary>
public enum DriftKind
{
    /// <summary>Numbers, compared by their distribution functions.</summary>
    Numeric,

    /// <summary>Values without an order, compared by their shares. Whole numbers of few values are such too.</summary>
    Categorical,

    /// <summary>Texts, compared by their lengths in characters (Unicode code points).</summary>
    TextLength,

    /// <summary>The true class.</summary>
    Label,

    /// <summary>The predicted class.</summary>
    Prediction,

    /// <summary>The confidence of the prediction.</summary>
    Confidence,

    /// <summary>Vectors, compared by their directions; their norms are compared beside, as numbers.</summary>
    Embedding,
}

/// <summary>Names of the kinds in files.</summary>
public static class DriftKinds
{
    private static readonly string[] Names = ["numeric", "categorical", "text_length", "label", "prediction", "confidence", "embedding"];

    public static string Name(DriftKind kind) => Names[(int)kind];

    /// <summary>The model's own columns, not the data's.</summary>
    public static bool IsModel(DriftKind kind) => kind is DriftKind.Prediction or DriftKind.Confidence;

    /// <summary>A feature: what a model may be given.</summary>
    public static bool IsFeature(DriftKind kind) => kind is DriftKind.Numeric or DriftKind.Categorical or DriftKind.TextLength or DriftKind.Embedding;
}
