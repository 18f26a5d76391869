using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Cli;

/// <summary>The same files on processors of other instructions.</summary>
public sealed class ProcessorProcessTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("DOTNET_EnableHWIntrinsic")] // No vectors at all.
    [InlineData("DOTNET_EnableAVX2")]
    public void Demo_WritesTheSameBytes(string lacking)
    {
        string[] demo = ["demo", "--quiet", "--device", "cpu", "--out"];
        Assert.Equal(0, Gpudiag.Run(folder.Root, [.. demo, "here"]).Code);
        Assert.Equal(0, Gpudiag.RunWithout(lacking, folder.Root, [.. demo, "there"]).Code);
        string[] files = [.. Directory.GetFiles(folder["here"]).Select(f => Path.GetFileName(f)).Where(f => f != "run.json").Order()];
        Assert.Contains("rows.parquet", files);
        Assert.Equal([.. files, "run.json"], Directory.GetFiles(folder["there"]).Select(f => Path.GetFileName(f)).OrderBy(f => f == "run.json").ThenBy(f => f));
        Assert.All(files, f => Assert.Equal(File.ReadAllBytes(folder[$"here/{f}"]), File.ReadAllBytes(folder[$"there/{f}"])));
    }
}
