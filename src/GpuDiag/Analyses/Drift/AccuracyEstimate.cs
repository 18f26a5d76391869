using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Drift;

/// <summary>Accuracy of data without labels, from its confidences and what they were worth in the reference.</summary>
public sealed record AccuracyEstimate
{
    public required double Value { get; init; }

    /// <summary>End of the 95 % interval, for what chance does to both samples; not for a model that got worse.</summary>
    public required double Low { get; init; }

    public required double High { get; init; }

    /// <summary>Rows with a prediction and a confidence.</summary>
    public required long Rows { get; init; }

    /// <summary>The segmentation whose values are calibrated apart; null: none differ.</summary>
    public required string? Segmentation { get; init; }

    /// <summary>Share of these rows in cells of segment and confidence with at least 30 rows in the reference.</summary>
    public required double Coverage { get; init; }

    /// <summary>How far such an estimate was off, on average, for the reference's own segments, each estimated from the others; null without segments.</summary>
    public required double? BacktestError { get; init; }

    /// <summary>high, medium or low.</summary>
    public required string Trust { get; init; }

    /// <summary>Why not more.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
}

/// <summary>
/// Confidence-based estimation, calibrated on the reference: the mean over the current rows of the reference's accuracy at the same
/// segment and confidence. A cell's accuracy is shrunk to that of its confidence over all segments by <see cref="Prior"/> rows, and moved by how much higher
/// the current confidences in the bin are.
/// </summary>
internal static class AccuracyEstimation
{
    /// <summary>Rows that a cell's own accuracy is weighed against.</summary>
    private const double Prior = 10;

    private const int Supported = 30;

    /// <param name="reference">Segmentations of the reference, all rows as one first.</param>
    /// <param name="current">The same of the current data.</param>
    /// <param name="confidence">How the confidences differ; null where they are not compared.</param>
    /// <returns>Null where either side has no confidences, or the reference no labels.</returns>
    public static AccuracyEstimate? Of(IReadOnlyList<SegmentTally> reference, IReadOnlyList<SegmentTally> current, ColumnDrift? confidence)
    {
        if (reference.Count == 0 || current.Count == 0 || !HasRows(reference[0]) || !HasRows(current[0]) || reference[0].All.Rows == 0)
        {
            return null;
        }

        CalibrationCell[] overall = reference[0].Bins.Values.First();
        int best = Best(reference, current, overall);
        SegmentTally before = reference[best], after = current[best];
        double rows = after.Bins.Values.Sum(slots => slots.Sum(s => (double)s.Rows)), sum = 0, spread = 0, covered = 0;
        foreach ((string value, CalibrationCell[] slots) in after.Bins)
        {
            CalibrationCell[]? known = before.Bins.GetValueOrDefault(value);
            for (int bin = 0; bin < slots.Length; bin++)
            {
                CalibrationCell cell = slots[bin];
                if (cell.Rows == 0)
                {
                    continue;
                }

                CalibrationCell own = known?[bin] ?? default;
                double accuracy = Calibrated(own, overall[bin], Mean(cell));
                sum += cell.Rows / rows * accuracy;
                double uncertain = accuracy * (1 - accuracy);
                spread += (cell.Rows / rows * (cell.Rows / rows) * uncertain / Math.Max(1, own.Rows + Math.Min(Prior, overall[bin].Rows))) + (cell.Rows / rows / rows * uncertain);
                covered += own.Rows >= Supported ? cell.Rows : 0;
            }
        }

        double reach = Wilson.Z95 * Math.Sqrt(spread), coverage = covered / rows;
        double? backtest = Backtest(reference);
        (string trust, List<string> reasons) = Trust(coverage, backtest, confidence);
        return new AccuracyEstimate
        {
            Value = sum,
            Low = Math.Max(0, sum - reach),
            High = Math.Min(1, sum + reach),
            Rows = (long)rows,
            Segmentation = before.Name,
            Coverage = coverage,
            BacktestError = backtest,
            Trust = trust,
            Reasons = reasons,
        };
    }

    private static bool HasRows(SegmentTally tally) => tally.Bins.Values.Any(slots => slots.Any(s => s.Rows > 0));

    private static double Mean(in CalibrationCell cell) => cell.Confidence.ToDouble() / cell.Rows;

    /// <summary>The accuracy to expect of a confidence, where the reference has seen the cell, its bin, or neither: then the confidence itself.</summary>
    private static double Calibrated(in CalibrationCell own, in CalibrationCell bin, double confidence)
    {
        if (bin.Rows == 0)
        {
            return Math.Clamp(confidence, 0, 1);
        }

        double shared = (double)bin.Correct / bin.Rows, weight = own.Rows / (own.Rows + Prior);
        double accuracy = own.Rows == 0 ? shared : (weight * own.Correct / own.Rows) + ((1 - weight) * shared);
        double seen = own.Rows == 0 ? Mean(bin) : (weight * Mean(own)) + ((1 - weight) * Mean(bin));
        return Math.Clamp(accuracy + (confidence - seen), 0, 1);
    }

    /// <summary>
    /// The segmentation on which the reference's calibration differs most, by Σ n(a(s,b) − a(b))²/(a(b)(1 − a(b))) against its degrees of freedom; 0 where it differs on
    /// none by more than three of its standard deviations.
    /// </summary>
    private static int Best(IReadOnlyList<SegmentTally> reference, IReadOnlyList<SegmentTally> current, CalibrationCell[] overall)
    {
        int best = 0;
        double most = 3;
        for (int i = 1; i < reference.Count; i++)
        {
            if (reference[i].TooMany || current[i].TooMany)
            {
                continue;
            }

            double chi = 0, degrees = 0;
            for (int bin = 0; bin < overall.Length; bin++)
            {
                double accuracy = overall[bin].Rows > 0 ? (double)overall[bin].Correct / overall[bin].Rows : 0, scale = accuracy * (1 - accuracy);
                int cells = 0;
                foreach (CalibrationCell[] slots in reference[i].Bins.Values)
                {
                    if (slots[bin].Rows * scale >= 1)
                    {
                        double apart = ((double)slots[bin].Correct / slots[bin].Rows) - accuracy;
                        chi += slots[bin].Rows * apart * apart / scale;
                        cells++;
                    }
                }

                degrees += Math.Max(0, cells - 1);
            }

            double excess = degrees > 0 ? (chi - degrees) / Math.Sqrt(2 * degrees) : 0;
            (best, most) = excess > most ? (i, excess) : (best, most);
        }

        return best;
    }

    /// <summary>The mean error, weighed by rows, of estimates for segments of at least 30 rows from all other rows of the reference.</summary>
    private static double? Backtest(IReadOnlyList<SegmentTally> reference)
    {
        double sum = 0, weight = 0;
        CalibrationCell[] overall = reference[0].Bins.Values.First();
        foreach (SegmentTally tally in reference.Skip(1).Where(t => !t.TooMany && t.Bins.Count > 1))
        {
            foreach (CalibrationCell[] slots in tally.Bins.Values)
            {
                double rows = slots.Sum(s => (double)s.Rows), right = slots.Sum(s => (double)s.Correct), expected = 0;
                if (rows < Supported)
                {
                    continue;
                }

                for (int bin = 0; bin < slots.Length; bin++)
                {
                    if (slots[bin].Rows > 0)
                    {
                        CalibrationCell others = new(overall[bin].Rows - slots[bin].Rows, overall[bin].Correct - slots[bin].Correct, new FixedSum(overall[bin].Confidence.Units - slots[bin].Confidence.Units));
                        expected += slots[bin].Rows * Calibrated(default, others, Mean(slots[bin]));
                    }
                }

                sum += Math.Abs(expected - right);
                weight += rows;
            }
        }

        return weight > 0 ? sum / weight : null;
    }

    private static (string Trust, List<string> Reasons) Trust(double coverage, double? backtest, ColumnDrift? confidence)
    {
        List<string> reasons = [];
        int lost = 0;
        if (coverage < 0.99)
        {
            reasons.Add(FormattableString.Invariant($"{100 * (1 - coverage):0.0} % of the rows have a confidence or a segment that the reference has fewer than {Supported} rows of"));
            lost = coverage < 0.9 ? 2 : 1;
        }

        if (backtest is > 0.02)
        {
            reasons.Add(FormattableString.Invariant($"for the reference's own segments such estimates are off by {100 * backtest:0.0} points on average"));
            lost = Math.Max(lost, backtest > 0.05 ? 2 : 1);
        }

        if (confidence is { Drifted: true, Effect: > 0 and double effect })
        {
            reasons.Add(FormattableString.Invariant($"the confidences themselves have drifted (effect {effect:0.00})"));
            lost = Math.Max(lost, effect > 0.5 ? 2 : 1);
        }

        return (lost switch { 0 => "high", 1 => "medium", _ => "low" }, reasons);
    }
}
