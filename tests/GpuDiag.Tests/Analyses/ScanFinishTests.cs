using System.Text.Json;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Engine;

namespace GpuDiag.Tests.Analyses;

public sealed class ScanFinishTests
{
    [Fact]
    public void Finish_OfNoRows_IsUndefinedThroughout()
    {
        ScanResult result = new Tally(true, "weather").Finish();
        Assert.Equal(0, result.Rows);
        Assert.Empty(result.ClassNames);
        Assert.NotEmpty(result.Metrics);
        Assert.All(result.Metrics.Values, e => Assert.Equal(Estimate.Undefined, e));
        Assert.Empty(result.Segments);
        Assert.Empty(result.Findings);
        Assert.Null(result.Calibration!.Ece);
        Assert.All(result.Calibration.Curve, bin => Assert.Null(bin.Confidence));
    }

    [Fact]
    public void Finish_DoesNotDependOnTheOrderOfArrivalOrTheThreads()
    {
        (string?, string?, long, string?, string?)[] rows =
        [
            ("10", "10", 400, "fog", "a"), ("9", "9", 300, "clear", "b"), ("2", "9", 35, "fog", null), ("10", "2", 60, null, "a"),
            ("2", "2", 90, "clear", "a"), ("9", "10", 41, "rain", "b"), (null, "2", 3, "fog", "b"), ("2", null, 5, "rain", "a"), ("2", "10", 12, "null", "a"),
        ];
        string Answer(IEnumerable<(string? Label, string? Pred, long Count, string? Weather, string? Lane)> order, int threads)
        {
            Tally tally = new(false, "weather", "lane");
            foreach ((string? label, string? pred, long count, string? weather, string? lane) in order)
            {
                tally.Add(label, pred, count, weather, lane);
            }

            return JsonSerializer.Serialize(tally.Finish(input => input with { Threads = threads }));
        }

        string first = Answer(rows, 1);
        Assert.Contains("\"ClassNames\":[\"2\",\"9\",\"10\"]", first, StringComparison.Ordinal);
        Assert.Equal(first, Answer(rows.Reverse(), 3));
        Assert.Equal(first, Answer(rows.OrderBy(r => r.Item3), 2));
        Assert.NotEqual(first, Answer(rows[1..], 1));
    }

    [Fact]
    public void Classes_ThatOnlyADictionaryHolds_AreNone_GivenOnesAreListed()
    {
        Tally tally = new();
        tally.Classes.Code("unused");
        tally.Add("10", "9", 1).Add("9", "9", 1);
        Assert.Equal(["9", "10"], tally.Finish().ClassNames);
        Assert.Equal(["unused", "9", "10"], tally.Finish(input => input with { ClassOrder = [tally.Classes.Find("unused")] }).ClassNames);
        Assert.Equal(["10", "9"], tally.Finish(input => input with { ClassOrder = [tally.Classes.Find("10")] }).ClassNames);
    }

    [Fact]
    public void Exclusions_CountEachReason()
    {
        Tally tally = new Tally(true).Add("a", "a", 50).Add(null, "a", 3).Add("b", null, 4).Add(null, null, 2).Add("c", "a", 6)
            .AddConfidence(14, 40, 40, 0.95).AddConfidence(Calibration.Missing, 9 + 7, 0, 0).AddConfidence(Calibration.OutOfRange, 9, 0, 0);
        ScoreState scores = new(new ScorePlan(tally.Classes, [tally.Classes.Find("a"), tally.Classes.Find("b")], []));
        scores.Overall.Add(0, new ScoreCell(40, default, default, 40, 11, 12, 13, 14, default, default));
        ScanResult result = tally.Finish(input => input with { Scores = scores });
        Assert.Equal(new Exclusions(NullLabel: 5, NullPred: 6, NanProbs: 11, ProbsOutOfRange: 12, NanConfidence: 7, ConfidenceOutOfRange: 9, UnknownLabel: 6), result.Excluded);
        Assert.Equal(65, result.Rows);
        Assert.Equal(50.0 / 56, result.Metrics["accuracy"].Value);
    }

    [Fact]
    public void PositiveClass_IsTheSecondInOrder_OrTheOneAskedFor()
    {
        Tally tally = new Tally().Add("no", "no", 70).Add("no", "yes", 10).Add("yes", "yes", 15).Add("yes", "no", 5);
        Assert.Equal(("binary", "yes", 15.0 / 25), Describe(tally.Finish()));
        Assert.Equal(("binary", "no", 70.0 / 75), Describe(tally.Finish(input => input with { PositiveClass = "no" })));
        Assert.Equal(70.0 / 80, tally.Finish().Metrics["specificity"].Value);
        Assert.Contains("no, yes", Assert.Throws<InputException>(() => tally.Finish(input => input with { PositiveClass = "maybe" })).Message, StringComparison.Ordinal);
        tally.Add("maybe", "no", 1);
        Assert.Contains("3 classes", Assert.Throws<InputException>(() => tally.Finish(input => input with { PositiveClass = "no" })).Message, StringComparison.Ordinal);
        Assert.Equal("multiclass", tally.Finish().Task);
        Assert.False(tally.Finish().Metrics.ContainsKey("specificity"));

        static (string, string?, double?) Describe(ScanResult result) => (result.Task, result.PositiveClass, result.Metrics["precision"].Value);
    }

    [Fact]
    public void OneClass_HasNoKappa_AndMatthewsIsZero()
    {
        ScanResult result = new Tally().Add("a", "a", 12).Finish();
        Assert.Equal(1, result.Metrics["f1_macro"].Value);
        Assert.Null(result.Metrics["cohen_kappa"].Value);
        Assert.Equal(0, result.Metrics["matthews_corrcoef"].Value);
    }

    [Fact]
    public void IntervalMethod_IsTheDeltaMethod_WhereTheBootstrapWouldDrawTooMuch()
    {
        Tally few = new(false, "site"), many = new(false, "site");
        for (int i = 0; i < 10_000; i++)
        {
            few.Add($"c{i % 45}", $"c{i / 45 % 45}", 1, "one");
            many.Add($"c{i % 100}", $"c{i / 100}", 1, "one");
        }

        Assert.True(new SegmentCells(few.State.Overall, new ClassOrder(few.State.Overall, [])).Bootstraps);
        ScanResult result = many.Finish();
        Assert.Equal(("delta", "delta"), (result.IntervalMethod, result.Segments[0].IntervalMethod));
        Assert.NotNull(result.Metrics["f1_macro"].Low);
        Assert.Equal("bootstrap", new Tally().Add("a", "b", 1).Finish().IntervalMethod);
    }
}
