using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Metrics;

/// <summary>
/// ROC AUC and average precision summed over slots of the score line, each of which knows what is above it: in any
/// order, and kept as six numbers. Scores within a slot of unknown order make the bounds.
/// </summary>
internal struct RankTally
{
    private Int128 twiceWins, unordered;
    private double low, high;

    public long Positives { get; private set; }

    public long Negatives { get; private set; }

    /// <summary>
    /// ROC AUC counts pairs: those above, and half of those within. Average precision: a known slot is one score; in an
    /// unknown one at best all positives are one score above the negatives, at worst one by one below them, where
    /// precision is concave in the running count, so the trapezoid of its ends is below the sum.
    /// </summary>
    public void Add(in RankSlot slot)
    {
        long p = slot.Positives, m = slot.Negatives;
        Positives += p;
        Negatives += m;
        twiceWins += (Int128)m * ((2 * slot.Above) + p);
        if (p == 0)
        {
            return;
        }

        if (slot.IsKnown)
        {
            double precision = slot.Tied / (slot.Above + p + slot.NegativesAbove + m);
            low += precision;
            high += precision;
            return;
        }

        unordered += (Int128)p * m;
        low += slot.Worst;
        high += slot.Best;
    }

    /// <summary>The middle of what is possible, and half its width. There must be positives and negatives.</summary>
    public readonly Estimate RocAuc()
    {
        double pairs = (double)(2 * ((Int128)Positives * Negatives));
        return new Estimate((double)twiceWins / pairs, Bound: (double)unordered / pairs);
    }

    /// <summary>Likewise.</summary>
    public readonly Estimate AveragePrecision() =>
        low == high ? new Estimate(low / Positives, Bound: 0) : new Estimate((low + high) / 2 / Positives, Bound: (high - low) / 2 / Positives);
}
