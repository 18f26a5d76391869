using GpuDiag.Analyses.Results;
using GpuDiag.Engine;

namespace GpuDiag.Tests.Analyses;

public sealed class FindingTests
{
    [Fact]
    public void Findings_OfASoundModel_AreNone()
    {
        Tally tally = new Tally(true, "site").AddConfidence(13, 950, 855, 0.9);
        foreach (string site in (string[])["p", "q"])
        {
            tally.Add("a", "a", 225, site).Add("a", "b", 25, site).Add("b", "b", 205, site).Add("b", "a", 20, site);
        }

        Assert.Empty(tally.Finish().Findings);
    }

    [Fact]
    public void SegmentUnderperforms_SaysHowMuchTheRestDoesBetter()
    {
        ScanResult result = new Tally(false, "weather").Add("a", "a", 750, "fog").Add("a", "b", 250, "fog").Add("b", "b", 9000, "clear").Add("b", "a", 1000, "clear").Finish();
        Finding finding = Assert.Single(result.Findings, f => f.Code == "segment.underperforms");
        Assert.Equal(("segment.underperforms", "high", 1000), (finding.Code, finding.Severity, finding.Rows));
        Assert.Equal("weather=fog: accuracy 75.0 %, elsewhere 90.0 %", finding.Title);
        Assert.Equal((0.9 - 0.75) / 11, finding.Gain.Value!.Value, 1e-15);
        Assert.InRange(finding.Gain.Low!.Value, 0.010, finding.Gain.Value.Value);
        Assert.InRange(finding.Gain.High!.Value, finding.Gain.Value.Value, 0.017);
        Assert.Equal(250L, finding.Evidence["errors"]);
        Assert.Equal(result.Segments[0].QValue, finding.Evidence["q_value"]);
    }

    [Theory]
    [InlineData(0.99, 13, 0.75, "calibration.overconfident")]
    [InlineData(0.62, 9, 0.95, "calibration.underconfident")]
    public void Miscalibration_SaysWhichWay(double confidence, int bin, double accuracy, string code)
    {
        long right = (long)(1000 * accuracy);
        Tally tally = new Tally(true).Add("a", "a", right / 2).Add("b", "b", right - (right / 2)).Add("a", "b", (1000 - right) / 2).Add("b", "a", (1001 - right) / 2);
        Finding finding = Assert.Single(tally.AddConfidence(bin, 1000, right, confidence).Finish().Findings);
        Assert.Equal((code, "high"), (finding.Code, finding.Severity));
        Assert.Equal(confidence - accuracy, (double)finding.Evidence["confidence_minus_accuracy"]!, 1e-9);
        Assert.Null(finding.Evidence["temperature"]);
    }

    [Fact]
    public void ClassFindings_NameTheClass()
    {
        ScanResult result = new Tally()
            .Add("a", "a", 400).Add("b", "b", 400).Add("gone", "a", 25).Add("gone", "b", 15).Add("weak", "weak", 20).Add("weak", "a", 40).Add("weak", "b", 30).Finish();
        Assert.Equal(["class.low_recall", "class.never_predicted"], result.Findings.Select(f => f.Code).Order());
        Assert.Equal("'gone' is never predicted, though 40 rows are of it", result.Findings.Single(f => f.Code == "class.never_predicted").Title);
        Assert.Equal("weak", result.Findings.Single(f => f.Code == "class.low_recall").Evidence["class"]);
    }

    [Fact]
    public void DominantConfusion_IsOneFarAboveItsExpectation()
    {
        Tally tally = new Tally().Add("a", "b", 60);
        string[] names = ["a", "b", "c", "d", "e"];
        foreach (string label in names)
        {
            foreach (string prediction in names)
            {
                tally.Add(label, prediction, label == prediction ? 300 : 4);
            }
        }

        Finding finding = Assert.Single(tally.Finish().Findings);
        Assert.Equal(("confusion.dominant", 64L), (finding.Code, finding.Rows));
        Assert.Equal(64.0 / 140, (double)finding.Evidence["share_of_errors"]!, 1e-12);
    }

    [Fact]
    public void WorseThanMajority_IsTold()
    {
        Finding finding = new Tally().Add("a", "a", 300).Add("a", "b", 600).Add("b", "b", 100).Finish().Findings[0];
        Assert.Equal(("metrics.worse_than_majority", "high"), (finding.Code, finding.Severity));
        Assert.Equal(0.5, finding.Gain.Value!.Value, 1e-12);
    }

    [Fact]
    public void DataFindings_TellLeftOutRowsAndBadSums()
    {
        Tally tally = new Tally().Add("a", "a", 500).Add("b", "b", 450).Add(null, "a", 20).Add("b", null, 30);
        ScoreState scores = new(new ScorePlan(tally.Classes, [tally.Classes.Find("a"), tally.Classes.Find("b")], []));
        scores.Overall.Add(0, new ScoreCell { Scored = 980, BadSum = 7 });
        IReadOnlyList<Finding> findings = tally.Finish(input => input with { Scores = scores }).Findings;
        Assert.Equal([("rows.excluded", "medium", 50), ("probabilities.bad_sum", "medium", 7)], findings.Select(f => (f.Code, f.Severity, f.Rows)));
        Assert.Equal(["null_label", "null_pred"], findings[0].Evidence.Keys);
    }
}
