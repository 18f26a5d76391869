using GpuDiag.Analyses.Results;
using GpuDiag.Reports;

namespace GpuDiag.Tests.Reports;

public class ConsoleSummaryTests
{
    [Fact]
    public void Summary_TellsMetricsSegmentsConfusionsFindingsAndFiles()
    {
        string text = Render(color: false);
        foreach (string part in new[] { "1,000 rows, 3 classes", "Device: cpu, 2 threads (asked for); 1.25 s", "accuracy                    0.9000   0.8750 – 0.9125", "weather = fog", "taken for dog", "ECE 0.0500", "In fog 40 % are wrong", "→ Collect rows in fog.", "summary.json", "1 without a label", "broken.parquet", "the 10 nearest", "contradicted labels", "leaked rows" })
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_FitAHundredColumns()
        => Assert.All(Render(color: false).Split('\n'), line => Assert.True(line.Length <= 100, line));

    [Fact]
    public void Colours_AreOnlyThereWhenAskedFor()
    {
        Assert.DoesNotContain('\e', Render(color: false));
        Assert.Contains('\e', Render(color: true));
    }

    [Fact]
    public void NamesFromTheData_CannotCommandTheTerminal()
    {
        using var output = new StringWriter();
        var result = SampleOutcome.Result with { Confusions = [new Confusion("\e[2Jx\r\n", "\u009b1m", 5)] };
        new ConsoleSummary(output, new Palette(false)).Write(SampleOutcome.Outcome with { Result = result }, folder: "out\a", TimeSpan.Zero);
        Assert.DoesNotContain(output.ToString(), c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void NothingToShow_StillReads()
    {
        using var output = new StringWriter();
        var result = SampleOutcome.Result with
        {
            Rows = 0,
            Metrics = new Dictionary<string, Estimate>(),
            Classes = [],
            Confusions = [],
            Segments = [],
            Calibration = null,
            Findings = [],
        };
        new ConsoleSummary(output, new Palette(false)).Write(SampleOutcome.Outcome with { Result = result }, folder: null, TimeSpan.Zero);
        Assert.StartsWith("0 rows", output.ToString(), StringComparison.Ordinal);
    }

    private static string Render(bool color)
    {
        using var output = new StringWriter();
        new ConsoleSummary(output, new Palette(color)).Write(SampleOutcome.Outcome, folder: "gpudiag-out", TimeSpan.FromSeconds(1.25));
        return output.ToString();
    }
}
