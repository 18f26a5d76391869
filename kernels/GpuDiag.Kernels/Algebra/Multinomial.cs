namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Draws from a multinomial distribution: one replicate of the row bootstrap of a table of counts, at a cost that does
/// not depend on the rows. Host only.
/// </summary>
public static class Multinomial
{
    /// <summary>
    /// Distributes n draws over cells with probabilities counts[i] / Σ counts into drawn (same length; may not overlap).
    /// Conditional binomials in the order of the cells, so the caller keeps that order canonical. The draws are a pure
    /// function of (seed, replicate). Where Σ counts = 0 nothing is drawn. Cost: one binomial per non-empty cell.
    /// </summary>
    public static void Draw(ReadOnlySpan<long> counts, long n, ulong seed, ulong replicate, Span<long> drawn)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(drawn.Length, counts.Length);
        var left = 0L;
        foreach (var count in counts)
            left += count;

        var stream = new PhiloxStream(seed, replicate);
        for (var i = 0; i < counts.Length; i++)
        {
            var count = counts[i];
            drawn[i] = count == 0 ? 0 : count == left ? n : BinomialSampler.Draw(n, (double)count / left, ref stream);
            n -= drawn[i];
            left -= count;
        }
    }
}
