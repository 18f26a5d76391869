using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Cli;

/// <summary>Searches that are killed, and go on with <c>--resume</c>.</summary>
public sealed class ResumeProcessTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("knn", "pool.npy", "base.npy", "--k", "2")]
    [InlineData("mine", "--pool", "pool.npy", "--cases", "base.npy", "--budget", "50", "--export", "csv")]
    public void KilledSearches_GoOnToTheSameFiles(params string[] args)
    {
        const int Width = 8;
        Random random = new(7);
        foreach ((string name, int rows) in new[] { ("pool.npy", 200_000), ("base.npy", 300) })
            NpyTests.Write(folder[name], "<f4", $"({rows}, {Width})", [.. Enumerable.Range(0, rows * Width).Select(_ => random.NextSingle() - 0.5f)]);
        string[] search = [.. args, "--device", "cpu", "--memory", "16M", "--quiet"];
        Assert.Equal((0, ""), Done(Gpudiag.Run(folder.Root, [.. search, "--out", "whole"])));
        for (double limit = 1; !Gpudiag.Kill(folder.Root, TimeSpan.FromSeconds(0.2 + (random.NextDouble() * limit)), [.. search, "--out", "killed", "--resume"]) && limit < 9;)
            limit *= 1.5;
        Assert.Equal((0, ""), Done(Gpudiag.Run(folder.Root, [.. search, "--out", "killed", "--resume"])));
        string[] files = [.. Directory.GetFiles(folder["whole"]).Select(f => Path.GetFileName(f)).Order()];
        Assert.Equal(files, Directory.GetFiles(folder["killed"]).Select(f => Path.GetFileName(f)).Order());
        Assert.All(files.Where(f => f != "run.json"), f => Assert.Equal(File.ReadAllBytes(folder[$"whole/{f}"]), File.ReadAllBytes(folder[$"killed/{f}"])));
    }

    [Fact]
    public void Resume_WithoutAnEarlierRunSaysSo()
    {
        NpyTests.Write(folder["v.npy"], "<f4", "(3, 2)", [1f, 2, 3, 4, 5, 6]);
        var run = Gpudiag.Run(folder.Root, "knn", "v.npy", "--k", "1", "--resume");
        Assert.Equal(0, run.Code);
        Assert.Contains("nothing was kept of an earlier run", run.Errors, StringComparison.Ordinal);
    }

    private static (int Code, string Errors) Done(Gpudiag.Output run) => (run.Code, run.Errors);
}
