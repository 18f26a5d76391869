using GpuDiag.Tests.Analyses.Scan;

namespace GpuDiag.Tests.Cli;

/// <summary>Parts, merges and kills, as a user or a scheduler makes them.</summary>
public sealed class ShardProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gpudiag-test-").FullName;

    public ShardProcessTests()
    {
        new ScanTable(1500, 5).Write(Path.Combine(folder, "data.parquet"), 0, 1500, 20);
        new ScanTable(1500, 5).Write(Path.Combine(folder, "again.parquet"), 0, 1500, 30);
        new ScanTable(900, 6).Write(Path.Combine(folder, "other.parquet"), 0, 900, 15);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Parts_MergeToTheFilesOfOneScan()
    {
        Assert.Equal((0, ""), Done(Gpudiag.Run(folder, "scan", "data.parquet", "--segment", "weather", "--out", "whole", "--quiet")));
        for (int i = 1; i <= 2; i++)
        {
            var part = Gpudiag.Run(folder, "scan", "data.parquet", "--segment", "weather", "--shard", $"{i}/2", "--state", $"part-{i}.gds");
            Assert.Equal((0, $"Part {i}/2 of pass read"), (part.Code, part.Text.Split(':')[0]));
        }
        var alone = Gpudiag.Run(folder, "merge", "part-1.gds");
        Assert.Equal((2, "gpudiag: error: of 2 parts 1 are missing: 2"), (alone.Code, alone.Errors.Split('\n')[0]));
        var merged = Gpudiag.Run(folder, "merge", "part-*.gds", "--state", "all.gds");
        Assert.Contains("next to share is pass rank: gpudiag scan --after all.gds --shard i/n", merged.Text, StringComparison.Ordinal);
        Assert.Contains("--label stands beside --after", Gpudiag.Run(folder, "scan", "--after", "all.gds", "--shard", "1/1", "--state", "x.gds", "--label", "y").Errors, StringComparison.Ordinal);
        Assert.Equal((0, ""), Done(Gpudiag.Run(folder, "scan", "--after", "all.gds", "--shard", "1/1", "--state", "rank.gds", "--quiet")));
        var result = Gpudiag.Run(folder, "merge", "rank.gds", "--after", "all.gds", "--out", "merged", "--quiet", "--gate", "rows==1500");
        Assert.Equal((0, ""), Done(result));
        AssertSame("whole", "merged");
    }

    [Theory]
    [InlineData("drift", "data.parquet", "other.parquet", "--bin", "age")]
    [InlineData("compare", "data.parquet", "again.parquet", "--segment", "weather")]
    public void PartsOfOtherCommands_MergeToTheFilesOfOneRun(params string[] command)
    {
        Assert.Equal((0, ""), Done(Gpudiag.Run(folder, [.. command, "--out", "whole", "--quiet"])));
        for (int i = 1; i <= 2; i++)
            Assert.Equal((0, ""), Done(Gpudiag.Run(folder, [.. command, "--shard", $"{i}/2", "--state", $"part-{i}.gds", "--quiet"])));
        var alone = Gpudiag.Run(folder, "merge", "part-1.gds");
        Assert.Equal((2, "gpudiag: error: of 2 parts 1 are missing: 2"), (alone.Code, alone.Errors.Split('\n')[0]));
        Assert.Equal((0, ""), Done(Gpudiag.Run(folder, "merge", "part-*.gds", "--out", "merged", "--quiet")));
        AssertSame("whole", "merged");
    }

    [Theory]
    [InlineData("scan", "data.parquet", "--segment", "weather*night")]
    [InlineData("drift", "data.parquet", "other.parquet", "--bin", "age")]
    [InlineData("compare", "data.parquet", "again.parquet", "--segment", "weather")]
    public void KilledRuns_GoOnToTheSameFiles(params string[] command)
    {
        string[] run = [.. command, "--quiet"];
        Assert.Equal((0, ""), Done(Gpudiag.Run(folder, [.. run, "--out", "whole"])));
        Random random = new(1);
        for (double limit = 1.5; !Gpudiag.Kill(folder, TimeSpan.FromSeconds(random.NextDouble() * limit), [.. run, "--out", "killed", "--resume"]);)
            limit *= 1.4;
        // What ended within its time may have ended badly: once more, undisturbed.
        Assert.Equal((0, ""), Done(Gpudiag.Run(folder, [.. run, "--out", "killed", "--resume"])));
        AssertSame("whole", "killed");
    }

    [Fact]
    public void Resume_OfAnotherRunIsRefused()
    {
        Assert.Equal((0, ""), Done(Gpudiag.Run(folder, "scan", "data.parquet", "--shard", "1/1", "--state", "part.gds", "--quiet")));
        Assert.Equal((0, ""), Done(Gpudiag.Run(folder, "merge", "part.gds", "--state", "all.gds", "--quiet")));
        Directory.CreateDirectory(Path.Combine(folder, "out"));
        File.Copy(Path.Combine(folder, "all.gds"), Path.Combine(folder, "out", ".gpudiag-resume.gds"));
        var run = Gpudiag.Run(folder, "scan", "data.parquet", "--out", "out", "--resume", "--seed", "5");
        Assert.Equal(2, run.Code);
        Assert.Contains("option Seed: 0, not 5", run.Errors, StringComparison.Ordinal);
        run = Gpudiag.Run(folder, "drift", "data.parquet", "other.parquet", "--out", "out", "--resume");
        Assert.Equal(2, run.Code);
        Assert.Contains("command scan, not drift", run.Errors, StringComparison.Ordinal);
        Assert.Equal((0, ""), Done(Gpudiag.Run(folder, "scan", "data.parquet", "--out", "out", "--resume", "--quiet")));
        Assert.False(File.Exists(Path.Combine(folder, "out", ".gpudiag-resume.gds")));
    }

    private static (int Code, string Errors) Done(Gpudiag.Output run) => (run.Code, run.Errors);

    private void AssertSame(string one, string other)
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(folder, one)).Select(f => Path.GetFileName(f)).Order()];
        Assert.Equal(files, Directory.GetFiles(Path.Combine(folder, other)).Select(f => Path.GetFileName(f)).Order());
        foreach (string file in files.Where(f => f != "run.json"))
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder, one, file)), File.ReadAllBytes(Path.Combine(folder, other, file)));
    }
}
