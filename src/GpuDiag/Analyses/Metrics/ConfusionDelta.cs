namespace GpuDiag.Analyses.Metrics;

/// <summary>
/// Standard errors of <see cref="ConfusionStatistics"/> by the delta method: rows are a multinomial sample over the
/// cells, a statistic is a smooth function g of hits h, support s and predictions q per class (as shares of the rows),
/// and cell (i, j) has the influence ψ = ∂g/∂s_i + ∂g/∂q_j + [i = j]·∂g/∂h_i. Then Var g ≈ (Σ p·ψ² − (Σ p·ψ)²)/n. See
/// docs/intervals.md. Cost: one pass over the classes and one over the cells.
/// </summary>
internal static class ConfusionDelta
{
    /// <summary>One for all segments that a thread has: anew for each, it would be most of what a million of them allocate.</summary>
    [ThreadStatic]
    private static Slope[]? reused;

    /// <param name="values">The statistics, as <see cref="ConfusionStatistics.Compute"/> gives them.</param>
    /// <param name="errors">Receives a standard error per statistic; NaN where the statistic is.</param>
    public static void StandardErrors(ConfusionMatrix matrix, ReadOnlySpan<double> values, Span<double> errors)
    {
        ReadOnlySpan<Slope> slopes = Differentiate(matrix);
        double n = matrix.Rows;
        Span<double> means = stackalloc double[ConfusionStatistics.Count];
        Span<double> squares = stackalloc double[ConfusionStatistics.Count];
        means.Clear();
        squares.Clear();
        foreach (ClassCell cell in matrix.Cells)
        {
            double share = cell.Count / n;
            int i = cell.Label * ConfusionStatistics.Count, j = cell.Prediction * ConfusionStatistics.Count;
            for (int g = 0; g < ConfusionStatistics.Count; g++)
            {
                double influence = slopes[i + g].BySupport + slopes[j + g].ByPredicted + (i == j ? slopes[i + g].ByHit : 0);
                means[g] += share * influence;
                squares[g] += share * influence * influence;
            }
        }

        for (int g = 0; g < ConfusionStatistics.Count; g++)
        {
            double variance = (squares[g] - (means[g] * means[g])) / n;
            errors[g] = variance > 0 ? Math.Sqrt(variance) : variance <= 0 ? 0 : double.NaN;
        }
    }

    /// <summary>Index [class × statistics + statistic]. Until this thread's next call.</summary>
    private static ReadOnlySpan<Slope> Differentiate(ConfusionMatrix matrix)
    {
        int length = matrix.Classes.Length * ConfusionStatistics.Count;
        Slope[] slopes = reused is { } enough && enough.Length >= length ? enough : reused = new Slope[length];
        Differentiate(matrix, slopes);
        return slopes.AsSpan(0, length);
    }

    /// <param name="matrix">The matrix.</param>
    /// <param name="slopes">Receives them by [class × statistics + statistic].</param>
    public static void Differentiate(ConfusionMatrix matrix, Slope[] slopes)
    {
        double n = matrix.Rows, agreement = matrix.Correct / n, chance = 0, supportSquares = 0, predictedSquares = 0;
        int supported = 0;
        for (int k = 0; k < matrix.Classes.Length; k++)
        {
            double s = matrix.Support[k] / n, q = matrix.Predicted[k] / n;
            chance += s * q;
            supportSquares += s * s;
            predictedSquares += q * q;
            supported += matrix.Support[k] > 0 ? 1 : 0;
        }

        double macro = 1.0 / matrix.Classes.Length, balanced = 1.0 / supported;
        double kappa = 1 / (1 - chance), kappaByChance = (1 - agreement) * kappa * kappa;
        double v = 1 - predictedSquares, w = 1 - supportSquares, excess = agreement - chance;
        double matthews = v * w > 0 ? 1 / Math.Sqrt(v * w) : double.NaN;
        for (int k = 0; k < matrix.Classes.Length; k++)
        {
            double h = matrix.Hits[k] / n, s = matrix.Support[k] / n, q = matrix.Predicted[k] / n;
            double precision = q > 0 ? h / q : 0, precisionByHit = q > 0 ? 1 / q : 0, precisionByPredicted = -precision * precisionByHit;
            double recallByHit = s > 0 ? 1 / s : 0, recallBySupport = -h * recallByHit * recallByHit;
            double f1 = 2 * h / (s + q), f1ByHit = 2 / (s + q), f1ByEither = -f1 / (s + q);

            Span<Slope> of = slopes.AsSpan(k * ConfusionStatistics.Count, ConfusionStatistics.Count);
            of[(int)ConfusionStatistic.BalancedAccuracy] = new(balanced * recallByHit, balanced * recallBySupport, 0);
            of[(int)ConfusionStatistic.PrecisionMacro] = new(macro * precisionByHit, 0, macro * precisionByPredicted);
            of[(int)ConfusionStatistic.RecallMacro] = new(macro * recallByHit, macro * recallBySupport, 0);
            of[(int)ConfusionStatistic.F1Macro] = new(macro * f1ByHit, macro * f1ByEither, macro * f1ByEither);
            of[(int)ConfusionStatistic.PrecisionWeighted] = new(s * precisionByHit, precision, s * precisionByPredicted);
            of[(int)ConfusionStatistic.F1Weighted] = new(s * f1ByHit, f1 + (s * f1ByEither), s * f1ByEither);
            of[(int)ConfusionStatistic.CohenKappa] = new(kappa, -kappaByChance * q, -kappaByChance * s);
            of[(int)ConfusionStatistic.MatthewsCorrcoef] = new(matthews, matthews * ((excess * s / w) - q), matthews * ((excess * q / v) - s));
        }
    }

    /// <summary>Partial derivatives of a statistic by one class's hits, support and predictions.</summary>
    public readonly record struct Slope(double ByHit, double BySupport, double ByPredicted);
}
