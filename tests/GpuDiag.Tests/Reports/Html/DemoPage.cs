using GpuDiag.Tests.Cli;

namespace GpuDiag.Tests.Reports.Html;

/// <summary>The folder of <c>gpudiag demo</c>, once for all tests of a class.</summary>
public sealed class DemoPage : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gpudiag-test-").FullName;

    public DemoPage()
    {
        if (Browser.Path is not null)
            Assert.Equal(0, Gpudiag.Run(folder, "demo", "--quiet", "--device", "cpu").Code);
    }

    public string Path => System.IO.Path.Combine(folder, "gpudiag-demo", "report.html");

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
