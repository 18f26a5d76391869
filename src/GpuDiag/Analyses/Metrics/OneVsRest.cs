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
        RankTally tally = default;
        for (int slot = positives.Length - 1; slot >= 0; slot--)
        {
            tally.Add(new RankSlot(tally.Positives, tally.Negatives, positives[slot], negatives[slot], bits == 64 && (slot & 1) == 1));
        }

        if (tally.Positives == 0 || tally.Negatives == 0)
        {
            return Undefined;
        }

        Estimate auc = tally.RocAuc(), average = tally.AveragePrecision();
        (double aucError, double averageError) = Errors(negatives, positives, tally.Positives, tally.Negatives, auc.Value!.Value, average.Value!.Value);
        return new OneVsRest(auc, average, aucError, averageError).Around(auc, average);
    }

    /// <summary>The same class with values of narrower bounds; standard errors stay.</summary>
    public OneVsRest Refined(in RankTally tally) => Around(tally.RocAuc(), tally.AveragePrecision());

    /// <summary>A normal interval within [0, 1], widened by the bound on the value.</summary>
    public static Estimate Interval(double value, double error, double bound) =>
        double.IsNaN(error)
            ? new Estimate(value, Bound: bound)
            : new Estimate(value, Math.Max(0, value - (Wilson.Z95 * error) - bound), Math.Min(1, value + (Wilson.Z95 * error) + bound), bound);

    private OneVsRest Around(Estimate auc, Estimate average) => this with
    {
        RocAuc = Interval(auc.Value!.Value, RocAucError, auc.Bound!.Value),
        AveragePrecision = Interval(average.Value!.Value, AveragePrecisionError, average.Bound!.Value),
    };

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
