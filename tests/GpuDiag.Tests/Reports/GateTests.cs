using System.Text.Json;
using CsCheck;
using GpuDiag.Reports;
using GpuDiag.Reports.Gates;

namespace GpuDiag.Tests.Reports;

public class GateTests
{
    [Theory]
    [InlineData("accuracy>=0.9", true)]
    [InlineData(" accuracy . low >= 8.75e-1 ", true)]
    [InlineData("accuracy.low>0.875", false)]
    [InlineData("metrics.accuracy.high<=0.9125", true)]
    [InlineData("accuracy==0.9", true)]
    [InlineData("accuracy!=0.9", false)]
    [InlineData("accuracy.value<1", true)]
    [InlineData("segments[weather=fog].recall_macro>=0.6", true)]
    [InlineData("segments[weather=fog].recall_macro.low>=0.6", false)]
    [InlineData("segments[weather*light=fog*night].errors<31", true)]
    [InlineData("segments[weather=null].rows==10", true)]
    [InlineData("segments[weather=\"null\"].rows==50", true)]
    [InlineData("segments[ 'weather' = 'fog' ].calibration.ece<=0.1", true)]
    [InlineData("segments[\"cat \\\"big\\\", <b>ü</b>\n猫\"='a]b=c.d'].rows==30", true)]
    [InlineData("classes[dog].recall>=0.85", true)]
    [InlineData("classes[class=dog].support==500", true)]
    [InlineData("calibration.ece<=0.05", true)]
    [InlineData("calibration.temperature>1.25", false)]
    [InlineData("excluded.null_label<=1", true)]
    [InlineData("rows>=1000", true)]
    [InlineData("segment_count==5", true)]
    public void Figure_IsComparedWithTheLimit(string text, bool passes)
    {
        var verdict = Judge(text);
        Assert.Null(verdict.Reason);
        Assert.NotNull(verdict.Actual);
        Assert.Equal(passes, verdict.Passed);
    }

    [Theory]
    [InlineData("acuracy!=2", "there is no 'acuracy': known are accuracy")]
    [InlineData("segments[weather=rain].accuracy<=1", "there is no segments[weather=rain]")]
    [InlineData("segments[weather=fog].nothing<=1", "there is no 'nothing' in segments[weather=fog]")]
    [InlineData("segments[weather='']<=1", "there is no segments[weather=]")]
    [InlineData("classes[wolf].recall<=1", "there is no classes[wolf]")]
    [InlineData("average_precision_macro<=1", "undefined")]
    [InlineData("accuracy.bound<=1", "there is no 'bound'")]
    [InlineData("log_loss.high<=1", "undefined")]
    [InlineData("label_issues.count<=1", "undefined")]
    [InlineData("segments<=1", "is a list")]
    [InlineData("calibration<=1", "holds several figures")]
    [InlineData("task!=1", "not a number")]
    [InlineData("accuracy.value.value<=1", "has no 'value'")]
    [InlineData("metrics[dog]<=1", "there is no metrics[dog]")]
    public void WhatIsNotThere_FailsWithTheReason(string text, string reason)
    {
        var verdict = Judge(text);
        Assert.False(verdict.Passed);
        Assert.Null(verdict.Actual);
        Assert.Contains(reason, verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("accuracy", 8)]
    [InlineData("accuracy.low 0.9", 13)]
    [InlineData("accuracy=0.9", 8)]
    [InlineData("accuracy>=", 10)]
    [InlineData("accuracy>=NaN", 10)]
    [InlineData("accuracy>=1e999", 10)]
    [InlineData("accuracy>=0.9 and more", 10)]
    [InlineData("accuracy>=0,9", 10)]
    [InlineData(".accuracy>=1", 0)]
    [InlineData("accuracy.>=1", 9)]
    [InlineData("segments[weather=fog.recall>=1", 8)]
    [InlineData("segments[weather].recall>=1", 8)]
    [InlineData("segments[=fog].recall>=1", 9)]
    [InlineData("segments['weather=fog].recall>=1", 9)]
    [InlineData("segments['weather'x=fog].recall>=1", 18)]
    [InlineData("$(rm -rf /)>=1", 0)]
    [InlineData("accuracy\n>=\nx", 12)]
    public void WhatIsNoGate_IsAnErrorThatPointsAtThePlace(string text, int position)
    {
        string[] lines = Assert.Throws<InputException>(() => Gate.Parse(text)).Message.Split('\n');
        Assert.Equal(4 + position, lines[2].IndexOf('^', StringComparison.Ordinal));
    }

    [Fact]
    public void AnyText_IsAGateOrAnInputError()
        => Gen.OneOf(Gen.String, Gen.String["acsegmntw.[]=<>!'\"\\0159e-* null"]).Sample(text =>
        {
            try
            {
                Assert.Equal(text, Gate.Parse(text).Text);
            }
            catch (InputException)
            {
                // The only fault allowed.
            }
        }, iter: 20_000);

    [Fact]
    public void AnySelector_SurvivesQuoting()
        => Gen.Select(Gen.String, Gen.String).Sample((column, value) =>
        {
            static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
            var gate = Gate.Parse($"segments[{Quoted(column)}={Quoted(value)}].accuracy>=0.5");
            return gate.Path[0].Selector == new GateSelector(column, value);
        }, iter: 5_000);

    [Fact]
    public void SegmentBeyondTheSummarysLimit_IsStillFound()
    {
        var result = SampleOutcome.Result with
        {
            Segments = [.. Enumerable.Range(0, SummaryJson.Limit + 5).Select(i => SampleOutcome.Segment("s", $"{i}", 10 + i, 1, null, null))],
        };
        var verdict = Assert.Single(GateEvaluator.Judge([Gate.Parse($"segments[s={SummaryJson.Limit + 3}].rows>0")], result));
        Assert.Equal(10 + SummaryJson.Limit + 3, verdict.Actual);
    }

    private static GateVerdict Judge(string text)
    {
        using var stream = new MemoryStream();
        SummaryJson.Write(stream, SampleOutcome.Result);
        return GateEvaluator.Judge(Gate.Parse(text), JsonDocument.Parse(stream.ToArray()).RootElement);
    }
}
