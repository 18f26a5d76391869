using GpuDiag.Analyses.Scan;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// What one reading of the matched rows learns: per segmentation the rows by label, by the class that BEFORE predicts and by
/// the one that AFTER does (<see cref="Backend.Count"/>, with pairs of label and segment as its segments, BEFORE's
/// prediction as its label and AFTER's as its prediction), and how many rows were left out.
/// </summary>
internal sealed class PairState(CountState counts) : IState<PairState>
{
    /// <summary>The first segmentation is of all rows.</summary>
    public CountState Counts { get; } = counts;

    /// <summary>Per segmentation; empty unless both have probabilities.</summary>
    public PairedSums[] Scores { get; set; } = [];

    /// <summary>Null unless both have confidences.</summary>
    public CalibrationStates? Calibration { get; set; }

    /// <summary>Scores that rows give their own class, by either model; empty unless both have probabilities.</summary>
    public Positives[] Positives { get; set; } = [];

    public long NullLabel { get; set; }

    public long LabelDisagrees { get; set; }

    public long NullPredBefore { get; set; }

    public long NullPredAfter { get; set; }

    /// <summary>The first row whose labels disagree; <see cref="long.MaxValue"/> for none.</summary>
    public long FirstDisagreement { get; set; } = long.MaxValue;

    public void Merge(PairState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Counts.Merge(other.Counts);
        if (Scores.Length == 0)
        {
            (Scores, Positives) = (other.Scores, other.Positives);
        }
        else
        {
            for (int i = 0; i < other.Scores.Length; i++)
            {
                Scores[i].Merge(other.Scores[i]);
            }

            for (int i = 0; i < other.Positives.Length; i++)
            {
                Positives[i].Merge(other.Positives[i]);
            }
        }

        if (Calibration is null)
        {
            Calibration = other.Calibration;
        }
        else if (other.Calibration is not null)
        {
            Calibration.Merge(other.Calibration);
        }

        NullLabel += other.NullLabel;
        LabelDisagrees += other.LabelDisagrees;
        NullPredBefore += other.NullPredBefore;
        NullPredAfter += other.NullPredAfter;
        FirstDisagreement = Math.Min(FirstDisagreement, other.FirstDisagreement);
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Counts.Write(writer);
        foreach (PairedSums sums in Scores)
        {
            sums.Write(writer);
        }

        if (Calibration is { } calibration)
        {
            calibration.Before.Write(writer);
            calibration.After.Write(writer);
            calibration.Joint.Write(writer);
        }

        foreach (long number in (ReadOnlySpan<long>)[NullLabel, LabelDisagrees, NullPredBefore, NullPredAfter, FirstDisagreement])
        {
            writer.Write(number);
        }
    }
}
