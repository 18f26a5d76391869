using System.Text.RegularExpressions;
using GpuDiag.Cli.Options;
using GpuDiag.Tests.Cli;

namespace GpuDiag.Tests.Meta;

/// <summary>What the README shows is what the program does. With GPUDIAG_UPDATE_README=1 it is written anew.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gpudiag-test-").FullName;

    private static string Path { get; } = System.IO.Path.Combine(Repository.Root, "README.md");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Options_AreThoseOfTheCatalogue() => AssertSection("options", HelpText.Markdown());

    [Fact]
    public void Demo_SaysWhatTheReadmeShows()
    {
        var run = Gpudiag.Run(folder, "demo", "--device", "cpu");
        // On a busy machine it tells its progress there, as everywhere after a second.
        Assert.Equal(0, run.Code);
        Assert.DoesNotContain("gpudiag:", run.Errors, StringComparison.Ordinal);
        AssertSection("demo", $"```\n$ gpudiag demo\n{Steady(run.Text)}```\n");
    }

    [Fact]
    public void Knn_SaysWhatTheReadmeShows()
    {
        string[] command = ["knn", "gpudiag-demo/digits_test.parquet", "--k", "5", "--out", "near"];
        Assert.Equal(0, Gpudiag.Run(folder, "demo", "--quiet").Code);
        var run = Gpudiag.Run(folder, [.. command, "--device", "cpu"]);
        Assert.Equal((0, ""), (run.Code, run.Errors));
        AssertSection("knn", $"```\n$ gpudiag {string.Join(' ', command)}\n{Steady(run.Text)}```\n");
    }

    [Fact]
    public void Explain_SaysWhatTheReadmeShows()
    {
        string[] command = ["explain", "gpudiag-demo/digits_test.parquet", "--row", "digit-1253", "--scan", "gpudiag-demo"];
        Assert.Equal(0, Gpudiag.Run(folder, "demo", "--quiet").Code);
        var run = Gpudiag.Run(folder, [.. command, "--device", "cpu"]);
        Assert.Equal((0, ""), (run.Code, run.Errors));
        AssertSection("explain", $"```\n$ gpudiag {string.Join(' ', command)}\n{run.Text}```\n");
    }

    [Fact]
    public void FirstCommand_IsOnTheFirstScreen()
    {
        string[] lines = File.ReadAllLines(Path);
        Assert.InRange(Array.IndexOf(lines, "gpudiag scan predictions.parquet"), 0, 10);
        Assert.Contains("dotnet test tests/GpuDiag.Tests", lines);
    }

    /// <summary>Without what differs between machines: the device and the time.</summary>
    private static string Steady(string text) => Regex.Replace(text, "^Device: .*\n", "", RegexOptions.Multiline);

    private static void AssertSection(string name, string expected)
    {
        string readme = File.ReadAllText(Path);
        var section = new Regex($"(?<=<!-- {name} -->\n).*(?=<!-- /{name} -->)", RegexOptions.Singleline);
        Assert.Matches(section, readme);
        if (Environment.GetEnvironmentVariable("GPUDIAG_UPDATE_README") == "1")
            File.WriteAllText(Path, section.Replace(readme, expected.Replace("$", "$$", StringComparison.Ordinal)));
        else
            Assert.Equal(expected, section.Match(readme).Value);
    }
}
