using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Reliability;

/// <summary>
/// How far confidence is from accuracy. ECE = Σ_b |correct_b − Σ confidence_b| / n; MCE = the largest gap of a bin that
/// holds a row. Intervals are the delta method's with the bins' mean confidences held fixed (docs/intervals.md says why
/// no bootstrap): ECE as a sum over (bin, right or wrong) cells, MCE by the binomial error of its bin.
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

        double gaps = 0, signed = 0, influence = 0, influenceSquares = 0, widest = -1, widestError = 0;
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
            if (gap > widest)
            {
                double accuracy = (double)cell.Correct / cell.Rows;
                widest = gap;
                widestError = Math.Sqrt(accuracy * (1 - accuracy) / cell.Rows);
            }
        }

        double variance = Math.Max(0, (influenceSquares / rows) - (influence / rows * (influence / rows))) / rows;
        return new CalibrationError(
            Intervals.Normal(gaps / rows, Math.Sqrt(variance), 0, 1), Intervals.Normal(widest, widestError, 0, 1), rows, signed / rows);
    }
}
