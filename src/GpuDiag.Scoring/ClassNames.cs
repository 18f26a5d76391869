namespace GpuDiag.Scoring;

/// <summary>Names of classes in a model's metadata.</summary>
internal static class ClassNames
{
    /// <summary>The metadata key that holds them: a JSON array of texts, in the order of the outputs.</summary>
    public const string Key = "classes";
}
