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

    /// <summary>The same with one more segmentation, which another reading of the same rows counted as its last.</summary>
    public PairState With(PairState counted)
    {
        PairState all = new(Beside(Counts, counted.Counts))
        {
            Scores = Scores.Length == 0 ? [] : [.. Scores, counted.Scores[^1]],
            Positives = Positives,
            Calibration = Calibration is not { } mine || counted.Calibration is not { } other ? null
                : new CalibrationStates(Beside(mine.Before, other.Before), Beside(mine.After, other.After), Beside(mine.Joint, other.Joint)),
            NullLabel = NullLabel,
            LabelDisagrees = LabelDisagrees,
            NullPredBefore = NullPredBefore,
            NullPredAfter = NullPredAfter,
            FirstDisagreement = FirstDisagreement,
        };
        return all;

        static CountState Beside(CountState whole, CountState last)
        {
            CountState all = new(whole.Plan with { Segments = [.. whole.Plan.Segments, last.Plan.Segments[^1]] });
            foreach ((CountTable to, CountTable from) in all.Segments.Prepend(all.Overall).Zip([whole.Overall, .. whole.Segments, last.Segments[^1]]))
            {
                to.Merge(from);
            }

            return all;
        }
    }

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
