namespace GpuDiag.Analyses.Metrics;

/// <summary>Functions of a confusion matrix that are no proportions of rows, so that their intervals need resampling or a derivative.</summary>
internal enum ConfusionStatistic
{
    BalancedAccuracy,
    PrecisionMacro,
    RecallMacro,
    F1Macro,
    PrecisionWeighted,
    F1Weighted,
    CohenKappa,
    MatthewsCorrcoef,
}

/// <summary>
/// scikit-learn's definitions with zero_division = 0. Macro averages run over the classes that occur as label or as
/// prediction, weighted ones are weighted by support, balanced accuracy is the mean recall of the classes with support.
/// κ = (p_o − p_e)/(1 − p_e), NaN when p_e = 1; Matthews' coefficient is (c·n − Σ s·q)/√((n² − Σ q²)(n² − Σ s²)) with c
/// the correct rows, s support and q predictions per class, 0 when the root is 0 (Gorodkin 2004).
/// Sums run in class order.
/// </summary>
internal static class ConfusionStatistics
{
    public const int Count = 8;

    /// <summary>All statistics of one matrix, indexed by <see cref="ConfusionStatistic"/>; NaN where undefined, all NaN without rows.</summary>
    public static void Compute(ReadOnlySpan<long> hits, ReadOnlySpan<long> support, ReadOnlySpan<long> predicted, Span<double> values)
    {
        double precisions = 0, recalls = 0, f1s = 0, weightedPrecision = 0, weightedF1 = 0, products = 0, supportSquares = 0, predictedSquares = 0;
        long rows = 0, correct = 0;
        int occurring = 0, supported = 0;
        for (int k = 0; k < hits.Length; k++)
        {
            long both = support[k] + predicted[k];
            if (both == 0)
            {
                continue;
            }

            double s = support[k], q = predicted[k], h = hits[k];
            double precision = predicted[k] > 0 ? h / q : 0;
            double f1 = 2 * h / both;
            precisions += precision;
            f1s += f1;
            weightedPrecision += s * precision;
            weightedF1 += s * f1;
            products += s * q;
            supportSquares += s * s;
            predictedSquares += q * q;
            rows += support[k];
            correct += hits[k];
            occurring++;
            if (support[k] > 0)
            {
                recalls += h / s;
                supported++;
            }
        }

        double n = rows, square = n * n;
        double chance = square - products;
        double root = Math.Sqrt((square - predictedSquares) * (square - supportSquares));
        values[(int)ConfusionStatistic.BalancedAccuracy] = recalls / supported;
        values[(int)ConfusionStatistic.PrecisionMacro] = precisions / occurring;
        values[(int)ConfusionStatistic.RecallMacro] = recalls / occurring;
        values[(int)ConfusionStatistic.F1Macro] = f1s / occurring;
        values[(int)ConfusionStatistic.PrecisionWeighted] = weightedPrecision / n;
        values[(int)ConfusionStatistic.F1Weighted] = weightedF1 / n;
        values[(int)ConfusionStatistic.CohenKappa] = ((correct * n) - products) / chance;
        values[(int)ConfusionStatistic.MatthewsCorrcoef] = rows == 0 ? double.NaN : root > 0 ? ((correct * n) - products) / root : 0;
    }

    /// <summary>The range of a statistic.</summary>
    public static (double Low, double High) Range(ConfusionStatistic statistic) =>
        statistic is ConfusionStatistic.CohenKappa or ConfusionStatistic.MatthewsCorrcoef ? (-1, 1) : (0, 1);
}
