using System.Globalization;
using System.Text;
using System.Xml.Linq;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports.Gates;
using GpuDiag.Reports.Monitoring;

namespace GpuDiag.Tests.Reports;

public sealed class MonitoringTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 14, 0, 0, TimeSpan.FromHours(2));

    [Fact]
    public void JUnit_TellsGatesSkippedFilesAndFigures()
    {
        var suite = XDocument.Parse(JUnit(Run("accuracy>=0", "accuracy>=2"))).Root!.Element("testsuite")!;
        Assert.Equal(("4", "1", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("errors")!.Value));
        Assert.Equal("2026-11-27T12:00:00", suite.Attribute("timestamp")!.Value);
        Assert.Equal(["scan", "every file is read", "accuracy>=0", "accuracy>=2"], suite.Elements("testcase").Select(c => c.Attribute("name")!.Value));
        Assert.Equal([0, 1, 0, 1], suite.Elements("testcase").Select(c => c.Elements().Count()));
        Assert.Contains("broken.parquet: truncated", suite.Descendants("error").Single().Value, StringComparison.Ordinal);
        Assert.Contains(suite.Descendants("property"), p => p.Attribute("name")!.Value == "accuracy");
    }

    [Fact]
    public void JUnit_OfAFailedRunIsAnErrorAndHoldsWhateverTheMessageHolds()
    {
        var failed = Run() with { Outcome = null, Fault = "no <data>\u0001 & more\nCheck it \ud800." };
        var error = XDocument.Parse(JUnit(failed)).Descendants("error").Single();
        Assert.Equal("no <data>· & more", error.Attribute("message")!.Value);
        Assert.Contains("Check it", error.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Prometheus_IsOneFamilyPerNameAndTheSameUnderEveryCulture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            string plain = Prometheus(Run("accuracy>=0", "segments[a=\"x\\y\"].accuracy>=0"));
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NegativeSign) = (",", "−");
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(plain, Prometheus(Run("accuracy>=0", "segments[a=\"x\\y\"].accuracy>=0")));
            string[] lines = plain.TrimEnd('\n').Split('\n');
            Assert.Equal(lines.Where(l => l.StartsWith("# TYPE", StringComparison.Ordinal)).Distinct().Count(), lines.Count(l => l.StartsWith("# TYPE", StringComparison.Ordinal)));
            Assert.All(lines, l => Assert.Matches("^(# (HELP|TYPE) gpudiag_[a-z_]+ .+|gpudiag_[a-z_]+\\{scan=\"cats\"(,[a-z]+=\"([^\"\\\\]|\\\\.)*\")*\\} -?[0-9.E+-]+)$", l));
            Assert.Contains("gpudiag_success{scan=\"cats\"} 1", lines);
            Assert.Contains("gpudiag_skipped_files{scan=\"cats\"} 1", lines);
            Assert.Contains("gpudiag_gate_passed{scan=\"cats\",gate=\"accuracy>=0\"} 1", lines);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Prometheus_OfAFailedRunHoldsNoFigures()
    {
        string text = Prometheus(Run() with { Outcome = null, Fault = "gone" });
        Assert.Contains("gpudiag_success{scan=\"cats\"} 0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("gpudiag_metric", text, StringComparison.Ordinal);
    }

    [Fact]
    public void SideFile_ReplacesTheEarlierOneWholeAndSaysWhichOptionIsWrong()
    {
        string folder = Directory.CreateTempSubdirectory("gpudiag-test-").FullName;
        string path = Path.Combine(folder, "a.prom");
        File.WriteAllText(path, "before");
        SideFile.Check(path, "prometheus");
        Assert.Throws<InvalidOperationException>(() => SideFile.Write(path, "prometheus", _ => throw new InvalidOperationException()));
        Assert.Equal("before", File.ReadAllText(path));
        SideFile.Write(path, "prometheus", stream => stream.Write("after"u8));
        Assert.Equal("after", File.ReadAllText(path));
        Assert.Contains("--junit", Assert.Throws<InputException>(() => SideFile.Check(folder, "junit")).Message, StringComparison.Ordinal);
        Assert.Contains("--junit", Assert.Throws<InputException>(() => SideFile.Check(Path.Combine(folder, "none", "j.xml"), "junit")).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static WatchedRun Run(params string[] gates)
    {
        var outcome = new ScanOutcome(SampleOutcome.Result, SampleOutcome.Run, SampleOutcome.Rows);
        return new WatchedRun("1.2.3", Noon, TimeSpan.FromSeconds(2.5), outcome, GateEvaluator.Judge([.. gates.Select(Gate.Parse)], outcome.Result), null);
    }

    private static string JUnit(WatchedRun run)
    {
        using var stream = new MemoryStream();
        JUnitXml.Write(stream, run);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Prometheus(WatchedRun run)
    {
        using var stream = new MemoryStream();
        PrometheusText.Write(stream, run, "cats");
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
