namespace GpuDiag.Analyses.Scan;

/// <summary>Conventional names of the columns that several commands look for, in the order of preference.</summary>
internal static class RoleNames
{
    public static string[] Embedding { get; } = ["embedding", "embeddings", "features", "vector"];

    public static string[] Id { get; } = ["id", "row_id", "uuid", "key"];
}
