using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Reliability;

/// <summary>
/// How far confidence is from accuracy. ECE = Σ_b |correct_b − Σ confidence_b| / n; MCE = the largest gap of a bin that
/// holds a row. Intervals hold the bins' mean confidences fixed: ECE by the delta method as a sum over (bin, right or
/// wrong) cells (docs/intervals.md says why no bootstrap), MCE by Wilson's interval of the accuracy of its bin.
/// </summary>
/// <param name="Ece">Undefined when no row has a confidence.</param>
/// <param name="Overconfidence">Mean confidence minus accuracy over the same rows; 0 without rows.</param>
internal readonly record struct CalibrationError(Estimate Ece, Estimate Mce, long Rows, double Overconfidence)
{
    public static CalibrationError Of(CountTable table, int segment)
    {
        long rows = 0;
        for (int b = 0; b < Calibration.Bins; b++)
        {
            rows += table.Calibration(segment, b).Rows;
        }

        if (rows == 0)
        {
            return default;
        }

        double gaps = 0, signed = 0, influence = 0, influenceSquares = 0;
        Estimate widest = new(-1);
        for (int b = 0; b < Calibration.Bins; b++)
        {
            CalibrationCell cell = table.Calibration(segment, b);
            if (cell.Rows == 0)
            {
                continue;
            }

            double confidence = cell.Confidence.ToDouble(), mean = confidence / cell.Rows;
            double excess = cell.Correct - confidence, gap = Math.Abs(excess) / cell.Rows;
            gaps += Math.Abs(excess);
            signed -= excess;
            double direction = Math.Sign(excess), right = direction * (1 - mean), wrong = -direction * mean;
            influence += (cell.Correct * right) + ((cell.Rows - cell.Correct) * wrong);
            influenceSquares += (cell.Correct * (right * right)) + ((cell.Rows - cell.Correct) * (wrong * wrong));
            if (gap > widest.Value)
            {
                widest = Gap(cell, mean, gap);
            }
        }

        double variance = Math.Max(0, (influenceSquares / rows) - (influence / rows * (influence / rows))) / rows;
        return new CalibrationError(
            Intervals.Normal(gaps / rows, Math.Sqrt(variance), 0, 1), widest, rows, signed / rows);
    }

    /// <summary>How near to and how far from the mean confidence the bin's accuracy may be.</summary>
    private static Estimate Gap(in CalibrationCell cell, double mean, double gap)
    {
        (double low, double high) = Wilson.Interval(cell.Correct, cell.Rows);
        double nearest = Math.Max(0, Math.Max(low - mean, mean - high));
        return new Estimate(gap, nearest, Math.Max(Math.Abs(low - mean), Math.Abs(high - mean)));
    }
}
