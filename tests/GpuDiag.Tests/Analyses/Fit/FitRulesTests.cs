using GpuDiag.Analyses.Fit;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Analyses.Fit;

public sealed class FitRulesTests
{
    private static FitFigures Sound => new() { Z = Wilson.Z95, Train = new(1820, 2000), Test = new(900, 1000), Majority = new(500, 2000) };

    [Fact]
    public void Difference_IsNewcombes()
    {
        // Newcombe 1998, table II (a), method 10.
        Estimate difference = Intervals.Difference(56, 70, 48, 80);
        Assert.Equal(0.2, difference.Value!.Value, 1e-12);
        Assert.Equal(0.0524, difference.Low!.Value, 5e-5);
        Assert.Equal(0.3339, difference.High!.Value, 5e-5);
        Assert.Equal(Estimate.Undefined, Intervals.Difference(1, 2, 0, 0));
    }

    [Fact]
    public void Sound_IsGood() => Assert.Equal(FitResult.Good, FitRules.Judge(Sound).Verdict);

    [Fact]
    public void AGap_IsOverfit() =>
        Assert.Equal(
            (FitResult.Overfit, "training rows are 19.0 (16.6 to 21.6) points better than new ones"),
            FitRules.Judge(Sound with { Train = new(1980, 2000), Test = new(800, 1000) }));

    [Fact]
    public void NoBetterThanTheCommonestClass_IsUnderfit() =>
        Assert.Equal(FitResult.Underfit, FitRules.Judge(Sound with { Train = new(1300, 2000), Test = new(650, 1000), Majority = new(1290, 2000) }).Verdict);

    [Fact]
    public void WorseThanNeighbours_IsUnderfit() =>
        Assert.Equal(
            FitResult.Underfit,
            FitRules.Judge(Sound with { Train = new(1400, 2000), Test = new(700, 1000), TrainVote = new(1900, 2000), TrainVoted = new(1400, 2000) }).Verdict);

    [Fact]
    public void WorseThanTrainingNeighboursOfTestRows_IsUnderfitWhereNoOthersAreKnown() =>
        Assert.Equal(
            FitResult.Underfit,
            FitRules.Judge(Sound with { Train = new(1400, 2000), Test = new(700, 1000), TestVote = new(950, 1000), TestVoted = new(700, 1000) }).Verdict);

    [Fact]
    public void LeaksThatHideTheGap_AreMemorised()
    {
        // 500 leaked test rows are all right, so the gap looks half as large as it is.
        FitFigures leaky = Sound with { Train = new(1990, 2000), Test = new(900, 1000), Leaked = new(500, 500) };
        Assert.Equal(FitResult.Memorised, FitRules.Judge(leaky).Verdict);
        Assert.Equal(0.995 - 0.8, leaky.GapWithoutLeaks.Value!.Value, 1e-12);
        Assert.Equal(FitResult.Overfit, FitRules.Judge(leaky with { Leaked = default }).Verdict);
    }

    [Fact]
    public void KnowingWrongLabels_IsMemorised() =>
        Assert.Equal(FitResult.Memorised, FitRules.Judge(Sound with { Train = new(1980, 2000), Test = new(800, 1000), Ceiling = new(0.9, 0.88, 0.92) }).Verdict);

    [Fact]
    public void LeaksTellWithoutPredictionsOfTrainingRows()
    {
        FitFigures beside = Sound with { Train = default, Majority = default };
        Assert.Equal((FitResult.CannotTell, "predictions of training rows are not in the data"), FitRules.Judge(beside));
        Assert.Equal(FitResult.Memorised, FitRules.Judge(beside with { Leaked = new(200, 200), Test = new(700, 1000) }).Verdict);
    }

    [Fact]
    public void TooLittle_CannotBeTold()
    {
        Assert.Equal(FitResult.CannotTell, FitRules.Judge(Sound with { Test = default }).Verdict);
        Assert.Equal(FitResult.CannotTell, FitRules.Judge(Sound with { Test = new(18, 20) }).Verdict);
        Assert.Equal(FitResult.CannotTell, FitRules.Judge(Sound with { Train = new(25, 29) }).Verdict);
        Assert.Equal(FitResult.CannotTell, FitRules.Judge(Sound with { Train = new(46, 50), Test = new(45, 50), Majority = new(10, 50) }).Verdict);

        // Low, without a gap, and no neighbours to say whether more can be had.
        Assert.Equal(FitResult.CannotTell, FitRules.Judge(Sound with { Train = new(1200, 2000), Test = new(600, 1000) }).Verdict);
    }

    [Fact]
    public void TrainingRowsThatDoWorse_PointToThePipeline() =>
        Assert.Contains("pipeline", FitRules.Judge(Sound with { Train = new(1500, 2000) }).Why, StringComparison.Ordinal);

    [Theory]
    [InlineData("Train", "train")]
    [InlineData(" training ", "train")]
    [InlineData("dev", "validation")]
    [InlineData("HOLDOUT", "test")]
    [InlineData("fold 1", "other")]
    [InlineData(null, "other")]
    public void Splits_AreKnownByName(string? name, string kind) => Assert.Equal(kind, SplitKinds.Name(SplitKinds.Of(name)));
}
