using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Fit;

/// <summary>From figures to a verdict, by the first rule that holds. A rule asks for a whole interval, never for a value alone.</summary>
internal static class FitRules
{
    /// <summary>A difference of accuracy that matters.</summary>
    public const double Margin = 0.05;

    /// <summary>Rows below which nothing is said.</summary>
    public const long LeastRows = 30;

    /// <summary>How far below the ceiling accuracy may stay where no vote of neighbours tells what can be reached.</summary>
    private const double Unexplained = 0.2;

    public static (string Verdict, string Why) Judge(FitFigures f)
    {
        bool leaksTell = f.Leaked.Rows >= LeastRows && f.New.Rows >= LeastRows && f.LeakGain.Low > Margin;
        if (f.Train.Rows < LeastRows)
        {
            return leaksTell
                ? (FitResult.Memorised, $"leaked rows, which the model knows from training, are {Interval(f.LeakGain)} points more often right than new ones")
                : (FitResult.CannotTell, f.Train.Rows == 0 ? "predictions of training rows are not in the data" : $"there are fewer than {LeastRows} training rows");
        }

        if (f.New.Rows < LeastRows)
        {
            return (FitResult.CannotTell, f.Test.Rows == 0 ? "there are no test rows" : $"there are fewer than {LeastRows} test rows that are not leaked");
        }

        if (f.GapWithoutLeaks.High < -Margin)
        {
            return (FitResult.CannotTell, $"training rows do worse than test rows, by {Interval(new Estimate(-f.GapWithoutLeaks.Value, -f.GapWithoutLeaks.High, -f.GapWithoutLeaks.Low))} points: look at the pipeline first");
        }

        bool gapTells = f.GapWithoutLeaks.Low > Margin;
        if (gapTells && leaksTell)
        {
            return (FitResult.Memorised, $"training rows are {Interval(f.GapWithoutLeaks)} points better than new ones, and test rows that leaked are too, by {Interval(f.LeakGain)}: rows are known by heart, which the leaks hide in part");
        }

        if (gapTells && f.Train.Estimate.Low > f.Ceiling.High)
        {
            return (FitResult.Memorised, $"training accuracy of {Percent(f.Train.Estimate.Value)} is above the {Percent(f.Ceiling.Value)} that label noise leaves: wrong labels are known by heart");
        }

        if (f.Majority.Rows > 0 && !(f.MajorityLead.High < 0))
        {
            return (FitResult.Underfit, $"training accuracy of {Percent(f.Train.Estimate.Value)} is not surely above the {Percent(f.Majority.Estimate.Value)} of always answering the commonest class");
        }

        if (f.TrainVote.Rows >= LeastRows && f.VoteLead.Low > Margin)
        {
            return (FitResult.Underfit, $"a vote of nearest neighbours is {Interval(f.VoteLead)} points better than the model on training rows");
        }

        if (gapTells)
        {
            return (FitResult.Overfit, $"training rows are {Interval(f.GapWithoutLeaks)} points better than new ones");
        }

        if (f.GapWithoutLeaks.High > Margin)
        {
            return (FitResult.CannotTell, $"the gap of {Interval(f.GapWithoutLeaks)} points may or may not matter: there are too few rows");
        }

        if (f.TrainVote.Rows < LeastRows && f.TestVote.Rows >= LeastRows && f.TestVoteLead.Low > Margin)
        {
            return (FitResult.Underfit, $"there is no gap, and a vote of nearest training rows is {Interval(f.TestVoteLead)} points better than the model on test rows");
        }

        if (f.TrainVote.Rows < LeastRows && f.TestVote.Rows < LeastRows && f.Train.Estimate.High < (f.Ceiling.Low ?? 1) - Unexplained)
        {
            return (FitResult.CannotTell, $"there is no gap, but nothing says whether more than {Percent(f.Train.Estimate.Value)} can be reached: an embedding would");
        }

        return (FitResult.Good, $"the gap is {Interval(f.GapWithoutLeaks)} points, and no baseline does better");
    }

    private static string Percent(double? share) => Evidence.Percent(share ?? 0);

    private static string Interval(Estimate e) => $"{Points(e.Value)} ({Points(e.Low)} to {Points(e.High)})";

    private static string Points(double? share) => (100 * (share ?? 0)).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
}
