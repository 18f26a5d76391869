namespace GpuDiag.Analyses.Scan;

/// <summary>One thread's way from a batch to operations' columns.</summary>
internal sealed class ScanStages : IDisposable
{
    public required CodeStage Label { get; init; }

    public required CodeStage? Prediction { get; init; }

    /// <summary>Null without a split, or where a pass does not need it.</summary>
    public CodeStage? Split { get; init; }

    public required IReadOnlyList<CodeStage> Segments { get; init; }

    /// <summary>Place of the confidence column in the batch, or −1.</summary>
    public required int Confidence { get; init; }

    public required ProbabilityStage? Probabilities { get; init; }

    public void Dispose()
    {
        Label.Dispose();
        Prediction?.Dispose();
        Split?.Dispose();
        Probabilities?.Dispose();
        foreach (CodeStage stage in Segments)
        {
            stage.Dispose();
        }
    }
}
