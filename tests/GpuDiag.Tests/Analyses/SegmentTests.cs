using GpuDiag.Analyses.Results;

namespace GpuDiag.Tests.Analyses;

public sealed class SegmentTests
{
    [Fact]
    public void Segments_NullIsASegment_AndNotTheTextNull()
    {
        ScanResult result = new Tally(false, "site").Add("a", "a", 40, "null").Add("a", "b", 10, (string?)null).Add("b", "b", 40, (string?)null).Finish();
        Assert.Equal(
            [("null", true, 50, 10), ("null", false, 40, 0)],
            result.Segments.Select(s => (s.Value, s.IsNull, s.Rows, s.Errors)));
    }

    [Fact]
    public void Segments_SurelyWorstFirst_UntestedLast()
    {
        ScanResult result = new Tally(false, "site", "only")
            .Add("a", "b", 60, "bad", "x").Add("a", "a", 140, "bad", "x")
            .Add("a", "b", 30, "less", "x").Add("a", "a", 170, "less", "x")
            .Add("a", "b", 20, "tiny", "x").Add("a", "a", 9, "tiny", "x")
            .Add("a", "b", 10, "good", "x").Add("b", "b", 990, "good", "x")
            .Add(null, "b", 7, "lost", "x")
            .Finish();
        Assert.Equal(["bad", "less", "good", "tiny", "x", "lost"], result.Segments.Select(s => s.Value));
        Assert.Equal([true, true, true, false, false, false], result.Segments.Select(s => s.QValue is not null));
        Assert.All(result.Segments.Take(3), s => Assert.True(s.QValue >= s.PValue));
        SegmentResult lost = result.Segments[5];
        Assert.Equal((0, 0), (lost.Rows, lost.Errors));
        Assert.Null(lost.Metrics["accuracy"].Value);
    }

    [Fact]
    public void Segments_MinSupport_DecidesWhichAreTested()
    {
        Tally tally = new Tally(false, "site").Add("a", "b", 9, "p").Add("a", "a", 1, "p").Add("a", "a", 40, "q");
        Assert.Null(tally.Finish().Segments.Single(s => s.Value == "p").PValue);
        Assert.True(tally.Finish(input => input with { MinSupport = 10 }).Segments.Single(s => s.Value == "p").PValue < 1e-6);
    }

    /// <summary>1/90 of 90 tests are below 1/90 by chance: q, not p, says what stands out.</summary>
    [Fact]
    public void Segments_QValue_IsBenjaminiHochbergsOverAllColumns()
    {
        Tally tally = new(false, "left", "right");
        for (int i = 0; i < 45; i++)
        {
            tally.Add("a", "b", 10 + (i % 7), $"l{i}", $"r{i}").Add("a", "a", 90 - (i % 5), $"l{i}", $"r{i}");
        }

        SegmentResult[] segments = [.. tally.Finish().Segments];
        Assert.Equal(90, segments.Length);
        double least = 1;
        for (int i = segments.Length - 1; i >= 0; i--)
        {
            least = Math.Min(least, segments[i].PValue!.Value * 90 / (i + 1));
            Assert.Equal(least, segments[i].QValue!.Value, 1e-14);
        }
    }

    [Fact]
    public void Segments_AHundredThousand_EachHasItsOwnRows()
    {
        const int Values = 100_000;
        Tally tally = new(false, "user");
        for (int i = 0; i < Values; i++)
        {
            tally.Add("a", "a", 30 + (i % 11), $"u{i}").Add("b", i % 3 == 0 ? "a" : "b", 20 + (i % 5), $"u{i}");
        }

        ScanResult result = tally.Finish();
        Assert.Equal(Values, result.Segments.Count);
        Assert.Equal(result.Rows, result.Segments.Sum(s => s.Rows));
        Assert.Equal(result.Confusions.Sum(c => c.Count), result.Segments.Sum(s => s.Errors));
        SegmentResult one = result.Segments.Single(s => s.Value == "u33");
        Assert.Equal((30L + 0 + 20 + 3, 23L, "delta"), (one.Rows, one.Errors, one.IntervalMethod));
        Assert.Equal(30.0 / 53, one.Metrics["accuracy"].Value);
        Assert.True(result.Segments[0].QValue <= result.Segments[Values / 2].QValue);
    }
}
