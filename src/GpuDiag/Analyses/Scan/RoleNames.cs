namespace GpuDiag.Analyses.Scan;

/// <summary>Conventional names of the columns that several commands look for, in the order of preference.</summary>
internal static class RoleNames
{
    public static string[] Label { get; } = ["label", "labels", "target", "y", "y_true", "ground_truth"];

    public static string[] Pred { get; } = ["pred", "prediction", "predicted", "y_pred"];

    public static string[] Probs { get; } = ["probs", "probabilities", "pred_probs", "proba", "scores"];

    public static string[] Embedding { get; } = ["embedding", "embeddings", "features", "vector"];

    public static string[] Id { get; } = ["id", "row_id", "uuid", "key"];

    public static string[] Image { get; } = ["image", "img", "thumbnail"];

    public static string[] Text { get; } = ["text"];
}
