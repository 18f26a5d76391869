namespace GpuDiag.Engine.Devices;

/// <summary>How much a benchmark works.</summary>
/// <param name="LimitBytes">Bytes read or copied to measure a bandwidth.</param>
/// <param name="CodeRows">Rows of codes per repetition, per host thread or resident on an accelerator.</param>
/// <param name="MatrixRows">Rows of a hundred probabilities.</param>
/// <param name="Repetitions">The best of so many counts.</param>
internal sealed record BenchScale(long LimitBytes, int CodeRows, int MatrixRows, int Repetitions)
{
    public static BenchScale Full { get; } = new(1L << 28, 1 << 20, 1 << 16, 5);
}
