using System.Xml.Linq;
using GpuDiag.Reports;

namespace GpuDiag.Tests.Cli;

/// <summary>A scan as a nightly job: who watches it, what happens when it fails, is stopped, or meets another.</summary>
public sealed class NightlyProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gpudiag-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Watchers_GetTheirFilesWhetherTheRunSucceedsOrFails()
    {
        PredictionFile.Write(folder);
        string[] watch = ["--junit", "gates.xml", "--prometheus", "cats.prom", "--gate", "accuracy>=0.99", "--quiet"];
        Assert.Equal(1, Gpudiag.Run(folder, ["scan", "predictions.parquet", .. watch]).Code);
        Assert.Equal("it is 0.85", XDocument.Load(Path.Combine(folder, "gates.xml")).Descendants("failure").Single().Value);
        Assert.Contains("gpudiag_metric{scan=\"cats\",metric=\"accuracy\"} 0.85\n", File.ReadAllText(Path.Combine(folder, "cats.prom")), StringComparison.Ordinal);
        Assert.Equal(2, Gpudiag.Run(folder, ["scan", "gone.parquet", .. watch]).Code);
        Assert.Contains("gone.parquet", XDocument.Load(Path.Combine(folder, "gates.xml")).Descendants("error").Single().Value, StringComparison.Ordinal);
        Assert.Contains("gpudiag_success{scan=\"cats\"} 0\n", File.ReadAllText(Path.Combine(folder, "cats.prom")), StringComparison.Ordinal);

        var history = Gpudiag.Run(folder, "history", ".", "--out", "trend");
        Assert.Equal((0, ""), (history.Code, history.Errors));
        Assert.Contains("1 run, ", history.Text, StringComparison.Ordinal);
        Assert.Equal(["history.html", "history.json", "history.parquet"], Directory.GetFiles(Path.Combine(folder, "trend")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void SecondRunIntoAFolder_IsRefused()
    {
        PredictionFile.Write(folder);
        string place = Path.Combine(folder, "out");
        using (new OutputFolder(place))
        {
            var run = Gpudiag.Run(folder, "scan", "predictions.parquet", "--out", "out");
            Assert.Equal(2, run.Code);
            Assert.Contains("another run writes into this folder", run.Errors, StringComparison.Ordinal);
        }
        Assert.Equal(0, Gpudiag.Run(folder, "scan", "predictions.parquet", "--out", "out", "--quiet").Code);
    }
}
