using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Fit;

/// <summary>The counts of one subject, all rows or those of a class, and the figures that follow from them.</summary>
internal sealed record FitFigures
{
    /// <summary>The normal quantile of the intervals: wider where many classes are judged at once.</summary>
    public required double Z { get; init; }

    public required Share Train { get; init; }

    /// <summary>Test rows, leaked ones among them.</summary>
    public required Share Test { get; init; }

    /// <summary>Leaked test rows.</summary>
    public Share Leaked { get; init; }

    /// <summary>Always answering the commonest training class, on training rows; no rows where it is no question, as for one class.</summary>
    public Share Majority { get; init; }

    /// <summary>The vote of the nearest other training rows on training rows, and the model on the same.</summary>
    public Share TrainVote { get; init; }

    public Share TrainVoted { get; init; }

    /// <summary>The vote of the nearest training rows on test rows, and the model on the same.</summary>
    public Share TestVote { get; init; }

    public Share TestVoted { get; init; }

    /// <summary>1 − the noise rate of the labels; undefined where it is not known.</summary>
    public Estimate Ceiling { get; init; }

    /// <summary>Test rows that are not leaked.</summary>
    public Share New => new(Test.Right - Leaked.Right, Test.Rows - Leaked.Rows);

    public Estimate Gap => Difference(Train, Test);

    /// <summary>Training less new rows.</summary>
    public Estimate GapWithoutLeaks => Difference(Train, New);

    /// <summary>Leaked less new rows: what knowing a row is worth.</summary>
    public Estimate LeakGain => Difference(Leaked, New);

    /// <summary>How much better the vote does on training rows than the model.</summary>
    public Estimate VoteLead => Difference(TrainVote, TrainVoted);

    /// <summary>The same on test rows.</summary>
    public Estimate TestVoteLead => Difference(TestVote, TestVoted);

    /// <summary>How much better the commonest class does than the model.</summary>
    public Estimate MajorityLead => Difference(Majority, Train);

    public IEnumerable<FitReason> Reasons()
    {
        (string Name, Estimate Figure)[] all =
        [
            ("train_accuracy", Train.Estimate),
            ("test_accuracy", Test.Estimate),
            ("gap", Gap),
            ("test_accuracy_without_leaks", Leaked.Rows > 0 ? New.Estimate : Estimate.Undefined),
            ("gap_without_leaks", Leaked.Rows > 0 ? GapWithoutLeaks : Estimate.Undefined),
            ("leaked_accuracy", Leaked.Estimate),
            ("leaked_less_new", LeakGain),
            ("majority_train_accuracy", Majority.Estimate),
            ("knn_train_accuracy", TrainVote.Estimate),
            ("knn_less_model_on_train", VoteLead),
            ("knn_test_accuracy", TestVote.Estimate),
            ("knn_less_model_on_test", TestVoteLead),
            ("label_noise_ceiling", Ceiling),
        ];
        return all.Where(r => r.Figure.Value is not null).Select(r => new FitReason(r.Name, r.Figure));
    }

    private Estimate Difference(Share a, Share b) => Intervals.Difference(a.Right, a.Rows, b.Right, b.Rows, Z);
}

/// <summary>How many of some rows are right.</summary>
internal readonly record struct Share(long Right, long Rows)
{
    public Estimate Estimate => Intervals.Proportion(Right, Rows);

    public static Share operator +(Share a, Share b) => new(a.Right + b.Right, a.Rows + b.Rows);
}
