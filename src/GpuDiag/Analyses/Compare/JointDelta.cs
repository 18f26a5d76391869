using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// Intervals of after − before by the delta method: one more row in the cell (label, before, after) moves the difference of a
/// statistic by ψ_after(label, after) − ψ_before(label, before), with each side's influence as in docs/intervals.md; so the
/// variance is that of this difference over the rows, and what the two sides share cancels.
/// </summary>
internal static class JointDelta
{
    /// <param name="table">The rows.</param>
    /// <param name="errors">Receives a standard error per <see cref="ConfusionStatistic"/>; NaN where it is undefined.</param>
    public static void StandardErrors(JointTable table, Span<double> errors)
    {
        ConfusionDelta.Slope[] before = Slopes(table.Before), after = Slopes(table.After);
        double n = table.Rows;
        Span<double> means = stackalloc double[ConfusionStatistics.Count], squares = stackalloc double[ConfusionStatistics.Count];
        means.Clear();
        squares.Clear();
        foreach (JointCell cell in table.Cells)
        {
            double share = cell.Count / n;
            (int lb, int pb) = (At(table.Before, cell.Label), At(table.Before, cell.Before));
            (int la, int pa) = (At(table.After, cell.Label), At(table.After, cell.After));
            for (int g = 0; g < ConfusionStatistics.Count; g++)
            {
                double influence = Influence(after, la + g, pa + g) - Influence(before, lb + g, pb + g);
                means[g] += share * influence;
                squares[g] += share * influence * influence;
            }
        }

        for (int g = 0; g < errors.Length; g++)
        {
            errors[g] = Root((squares[g] - (means[g] * means[g])) / n);
        }
    }

    /// <summary>after − before of precision and F1 of every class, by position in the class order. Cost: linear in cells and classes.</summary>
    public static (Estimate Precision, Estimate F1)[] Classes(JointTable table, int classes)
    {
        double n = table.Rows;
        double[] precisionMean = new double[classes], precisionSquare = new double[classes], f1Mean = new double[classes], f1Square = new double[classes];
        Ratio[] before = Ratios(table.Before, classes), after = Ratios(table.After, classes);
        Span<int> touched = stackalloc int[3];
        foreach (JointCell cell in table.Cells)
        {
            double share = cell.Count / n;
            touched[0] = cell.Label;
            touched[1] = cell.Before == cell.Label ? -1 : cell.Before;
            touched[2] = cell.After == cell.Label || cell.After == cell.Before ? -1 : cell.After;
            foreach (int k in touched)
            {
                if (k < 0)
                {
                    continue;
                }

                bool label = cell.Label == k;
                double p = after[k].PrecisionInfluence(label, cell.After == k) - before[k].PrecisionInfluence(label, cell.Before == k);
                double f = after[k].F1Influence(label, cell.After == k) - before[k].F1Influence(label, cell.Before == k);
                precisionMean[k] += share * p;
                precisionSquare[k] += share * p * p;
                f1Mean[k] += share * f;
                f1Square[k] += share * f * f;
            }
        }

        (Estimate, Estimate)[] estimates = new (Estimate, Estimate)[classes];
        for (int k = 0; k < classes; k++)
        {
            // A ratio of nothing has no interval, so the difference has none.
            estimates[k] = (
                before[k].Predicted > 0 && after[k].Predicted > 0
                    ? Intervals.Normal(after[k].Precision - before[k].Precision, Root((precisionSquare[k] - (precisionMean[k] * precisionMean[k])) / n), -1, 1)
                    : new Estimate(after[k].Precision - before[k].Precision),
                before[k].Both > 0 && after[k].Both > 0
                    ? Intervals.Normal(after[k].F1 - before[k].F1, Root((f1Square[k] - (f1Mean[k] * f1Mean[k])) / n), -1, 1)
                    : new Estimate(after[k].F1 - before[k].F1));
        }

        return estimates;
    }

    private static double Root(double variance) => variance > 0 ? Math.Sqrt(variance) : variance <= 0 ? 0 : double.NaN;

    private static ConfusionDelta.Slope[] Slopes(ConfusionMatrix matrix)
    {
        ConfusionDelta.Slope[] slopes = new ConfusionDelta.Slope[matrix.Classes.Length * ConfusionStatistics.Count];
        ConfusionDelta.Differentiate(matrix, slopes);
        return slopes;
    }

    private static int At(ConfusionMatrix matrix, int position) => Array.BinarySearch(matrix.Classes, position) * ConfusionStatistics.Count;

    private static double Influence(ConfusionDelta.Slope[] slopes, int label, int prediction) =>
        slopes[label].BySupport + slopes[prediction].ByPredicted + (label == prediction ? slopes[label].ByHit : 0);

    private static Ratio[] Ratios(ConfusionMatrix matrix, int classes)
    {
        Ratio[] ratios = new Ratio[classes];
        for (int i = 0; i < matrix.Classes.Length; i++)
        {
            ratios[matrix.Classes[i]] = new Ratio(matrix.Hits[i], matrix.Support[i], matrix.Predicted[i], matrix.Rows);
        }

        return ratios;
    }

    /// <summary>Precision h/q and F1 2h/(s + q) of a class, and what one more row changes of them, in rows.</summary>
    private readonly record struct Ratio(long Hits, long Support, long Predicted, long Rows)
    {
        public long Both => Support + Predicted;

        public double Precision => Predicted == 0 ? 0 : (double)Hits / Predicted;

        public double F1 => Both == 0 ? 0 : 2.0 * Hits / Both;

        public double PrecisionInfluence(bool label, bool predicted) => predicted ? ((label ? 1 : 0) - Precision) * Rows / Predicted : 0;

        public double F1Influence(bool label, bool predicted) =>
            label || predicted ? ((label && predicted ? 2 : 0) - (F1 * ((label ? 1 : 0) + (predicted ? 1 : 0)))) * Rows / Both : 0;
    }
}
