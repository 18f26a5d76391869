namespace GpuDiag.Tests.Cli;

/// <summary>The executable from outside: the page again, from the files of a scan.</summary>
public sealed class ReportProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gpudiag-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Report_WritesTheBytesThatTheScanWrote()
    {
        Assert.Equal(0, Gpudiag.Run(folder, "demo", "--quiet").Code);
        string page = Path.Combine(folder, "gpudiag-demo", "report.html");
        byte[] scanned = File.ReadAllBytes(page);
        File.Delete(page);
        var run = Gpudiag.Run(folder, "report", "gpudiag-demo");
        Assert.Equal((0, "gpudiag-demo/report.html\n", ""), (run.Code, run.Text.Replace('\\', '/'), run.Errors));
        Assert.Equal(scanned, File.ReadAllBytes(page));
        Assert.InRange(scanned.Length, 100_000, 8_000_000);
    }

    [Fact]
    public void WrongFolders_SayWhatToDo()
    {
        Directory.CreateDirectory(Path.Combine(folder, "empty"));
        Directory.CreateDirectory(Path.Combine(folder, "torn"));
        File.WriteAllText(Path.Combine(folder, "torn", "summary.json"), "{\"schema\": ");
        Says("there is no such folder", "report", "nowhere");
        Says("there is no summary.json, loop.json or history.json in it", "report", "empty");
        Says("torn", "report", "torn");
        Says("one folder too many", "report", "empty", "torn");
        Says("there is no such folder", "report");
        Assert.Equal(["summary.json"], Directory.GetFiles(Path.Combine(folder, "torn")).Select(Path.GetFileName));
    }

    private void Says(string text, params string[] args)
    {
        var run = Gpudiag.Run(folder, args);
        Assert.Equal((2, ""), (run.Code, run.Text));
        Assert.Contains(text, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }
}
