using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Metrics;

/// <summary>
/// ROC AUC and average precision of one class against the rest, from the counts of a partition of its scores.
/// Undefined without positives or without negatives.
/// </summary>
/// <param name="RocAucError">Standard error of the AUC (DeLong 1988); NaN where there is none.</param>
/// <param name="AveragePrecisionError">Standard error of average precision by its influence function; NaN where there is none.</param>
internal readonly record struct OneVsRest(Estimate RocAuc, Estimate AveragePrecision, double RocAucError, double AveragePrecisionError)
{
    public static OneVsRest Undefined { get; } = new(Estimate.Undefined, Estimate.Undefined, double.NaN, double.NaN);

    /// <summary>
    /// ROC AUC = P(score of a positive &gt; of a negative) + ½·P(equal), in integers up to one division. Average
    /// precision = Σ (R_n − R_{n−1})·P_n over distinct scores, descending (scikit-learn). Scores within a slot are one
    /// score when the slot is a full key; else their order is unknown: the value is then the middle of what is possible,
    /// and <see cref="Estimate.Bound"/> half its width (0 when exact).
    /// </summary>
    /// <param name="bits">Bits of the partition's keys; at 64 odd slots hold equal scores.</param>
    public static OneVsRest Of(ReadOnlySpan<long> negatives, ReadOnlySpan<long> positives, int bits)
    {
        long positive = 0, negative = 0;
        for (int slot = 0; slot < positives.Length; slot++)
        {
            positive += positives[slot];
            negative += negatives[slot];
        }

        if (positive == 0 || negative == 0)
        {
            return Undefined;
        }

        Int128 twiceWins = 0, unordered = 0;
        double low = 0, high = 0;
        long above = 0, negativesAbove = 0;
        for (int slot = positives.Length - 1; slot >= 0; slot--)
        {
            long p = positives[slot], m = negatives[slot];
            twiceWins += (Int128)m * ((2 * above) + p);
            if (p > 0)
            {
                bool known = (bits == 64 && (slot & 1) == 1) || (p == 1 && m == 0);
                double tied = (double)p * (above + p);
                if (known)
                {
                    double precision = tied / (above + p + negativesAbove + m);
                    low += precision;
                    high += precision;
                }
                else
                {
                    // Best: all positives as one score above the negatives. Worst: one by one below them; precision is
                    // concave in the running count, so the trapezoid of its ends is below the sum.
                    unordered += (Int128)p * m;
                    double first = (above + 1.0) / (above + 1 + negativesAbove + m), last = (double)(above + p) / (above + p + negativesAbove + m);
                    low += p * (first + last) / 2;
                    high += tied / (above + p + negativesAbove);
                }
            }

            above += p;
            negativesAbove += m;
        }

        Int128 pairs = (Int128)positive * negative;
        double auc = (double)twiceWins / (double)(2 * pairs), aucBound = (double)unordered / (double)(2 * pairs);
        bool exact = low == high;
        double average = exact ? low / positive : (low + high) / 2 / positive;
        double averageBound = exact ? 0 : (high - low) / 2 / positive;
        (double aucError, double averageError) = Errors(negatives, positives, positive, negative, auc, average);
        return new OneVsRest(Interval(auc, aucError, aucBound), Interval(average, averageError, averageBound), aucError, averageError);
    }

    /// <summary>A normal interval within [0, 1], widened by the bound on the value.</summary>
    public static Estimate Interval(double value, double error, double bound) =>
        double.IsNaN(error)
            ? new Estimate(value, Bound: bound)
            : new Estimate(value, Math.Max(0, value - (Wilson.Z95 * error) - bound), Math.Min(1, value + (Wilson.Z95 * error) + bound), bound);

    /// <summary>
    /// DeLong: a positive's component is the share of negatives below it, a negative's the share of positives above it
    /// (ties ½); Var = Var(positives')/P + Var(negatives')/N. Average precision: docs/intervals.md; a positive at score x
    /// has the influence (Prec(x) − AP + C₁(x))/P, a negative −C₀(x)/P, with C₁(x) = Σ_{s ≤ x} pos(s)·FP/(TP + FP)²,
    /// C₀ the same with TP above. A slot of unknown order counts as tied.
    /// </summary>
    private static (double Auc, double Average) Errors(
        ReadOnlySpan<long> negatives, ReadOnlySpan<long> positives, long positive, long negative, double auc, double average)
    {
        double positiveSquares = 0, negativeSquares = 0, influenceSquares = 0, byPositive = 0, byNegative = 0;
        long below = 0, positivesBelow = 0;
        for (int slot = 0; slot < positives.Length; slot++)
        {
            long p = positives[slot], m = negatives[slot];
            if ((p | m) == 0)
            {
                continue;
            }

            double ofPositive = ((below + (0.5 * m)) / negative) - auc, ofNegative = ((positive - positivesBelow - (0.5 * p)) / positive) - auc;
            positiveSquares += p * (ofPositive * ofPositive);
            negativeSquares += m * (ofNegative * ofNegative);

            double hits = positive - positivesBelow, alarms = negative - below, flagged = hits + alarms;
            byPositive += p * (alarms / flagged) / flagged;
            byNegative += p * (hits / flagged) / flagged;
            double influence = (hits / flagged) - average + byPositive;
            influenceSquares += (p * (influence * influence)) + (m * (byNegative * byNegative));
            below += m;
            positivesBelow += p;
        }

        double variance = positive > 1 && negative > 1
            ? (positiveSquares / (positive - 1) / positive) + (negativeSquares / (negative - 1) / negative)
            : double.NaN;
        return (Math.Sqrt(variance), positive > 1 ? Math.Sqrt(influenceSquares) / positive : double.NaN);
    }
}
