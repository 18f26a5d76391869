using GpuDiag.Columns;

namespace GpuDiag.Engine;

/// <summary>
/// What <see cref="Backend.ScoreRows"/> says of each row. An excluded row (a NaN entry, or an entry outside [0, 1] by
/// more than 1e-3) has ArgMax −1 and NaN elsewhere. A row without a label has ArgMax, Confidence, Margin, Entropy, but NaN loss.
/// </summary>
public sealed class RowScores(int capacity) : IDisposable
{
    private readonly AlignedMemory argMax = new(), confidence = new(), margin = new(), entropy = new(), loss = new(), label = new();

    public int Capacity { get; } = capacity;

    /// <summary>Index of the largest probability; the lowest such index on ties.</summary>
    public Span<int> ArgMax => Of<int>(argMax);

    /// <summary>The largest probability.</summary>
    public Span<double> Confidence => Of<double>(confidence);

    /// <summary>Largest minus second largest probability; the largest when K = 1.</summary>
    public Span<double> Margin => Of<double>(margin);

    /// <summary>−Σ p ln p, nats.</summary>
    public Span<double> Entropy => Of<double>(entropy);

    /// <summary>−ln(clip(p_label, 2⁻⁵², 1)), nats.</summary>
    public Span<double> Loss => Of<double>(loss);

    /// <summary>The label's probability as stored.</summary>
    public Span<double> LabelProbability => Of<double>(label);

    public void Dispose()
    {
        foreach (AlignedMemory memory in (ReadOnlySpan<AlignedMemory>)[argMax, confidence, margin, entropy, loss, label])
        {
            memory.Dispose();
        }
    }

    private unsafe Span<T> Of<T>(AlignedMemory memory)
        where T : unmanaged
    {
        memory.Reserve((nuint)Capacity * (nuint)sizeof(T));
        return memory.Span<T>(Capacity);
    }
}
