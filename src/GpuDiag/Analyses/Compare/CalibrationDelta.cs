using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Reliability;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// The change of calibration. ECE's interval by the delta method, as docs/intervals.md has it for one model: a row has the influence
/// ±(right − mean confidence of its bin) on each side, so the variance of the change is that of the difference of the two, over
/// the cells (bin, right) × (bin, right). MCE is the maximum of some bins and has no paired interval.
/// </summary>
internal static class CalibrationDelta
{
    /// <summary>Of one segment; empty where no row has both confidences.</summary>
    /// <param name="states">The counts.</param>
    /// <param name="index">The segmentation; −1 = all rows.</param>
    /// <param name="cells">Of the joint counts, of this segment.</param>
    public static IEnumerable<MetricDelta> Of(CalibrationStates states, int index, int segment, IReadOnlyList<Cell> cells)
    {
        CountTable before = Table(states.Before, index), after = Table(states.After, index);
        CalibrationError left = CalibrationError.Of(before, segment), right = CalibrationError.Of(after, segment);
        if (left.Rows == 0)
        {
            yield break;
        }

        double[] leftInfluence = Influence(before, segment), rightInfluence = Influence(after, segment);
        double mean = 0, square = 0, n = left.Rows;
        foreach (Cell cell in cells.Where(c => c.Label != Domain.Null))
        {
            double influence = rightInfluence[cell.Prediction] - leftInfluence[cell.Label];
            mean += cell.Count / n * influence;
            square += cell.Count / n * influence * influence;
        }

        double error = Math.Sqrt(Math.Max(0, square - (mean * mean)) / n);
        yield return new MetricDelta("ece", left.Ece, right.Ece, Intervals.Normal(right.Ece.Value!.Value - left.Ece.Value!.Value, error, -1, 1));
        yield return new MetricDelta("mce", left.Mce, right.Mce, new Estimate(right.Mce.Value!.Value - left.Mce.Value!.Value));
    }

    public static CountTable Table(CountState state, int index) => index < 0 ? state.Overall : state.Segments[index];

    /// <summary>By code of (bin, right).</summary>
    private static double[] Influence(CountTable table, int segment)
    {
        double[] influence = new double[1 + (2 * Calibration.Bins)];
        for (int b = 0; b < Calibration.Bins; b++)
        {
            CalibrationCell cell = table.Calibration(segment, b);
            if (cell.Rows > 0)
            {
                double confidence = cell.Confidence.ToDouble(), mean = confidence / cell.Rows, direction = Math.Sign(cell.Correct - confidence);
                influence[1 + (2 * b)] = -direction * mean;
                influence[2 + (2 * b)] = direction * (1 - mean);
            }
        }

        return influence;
    }
}
