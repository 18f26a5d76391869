using GpuDiag.Analyses.Mining;
using GpuDiag.Analyses.Shards;
using GpuDiag.Reports.Mining;
using GpuDiag.Tests.Analyses.Mining;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Cli;

/// <summary>Mining whose search was done in parts of the pool gives the bytes of one run.</summary>
public sealed class MinePartTests : IDisposable
{
    private const string Version = "1.0";

    private readonly TempFolder folder = new();
    private int states;

    public MinePartTests()
    {
        new ClassFile(120, 1, "t").Write(folder["test.parquet"], "id label pred probs embedding");
        new ClassFile(300, 2, "p").Write(folder["pool.parquet"], "id pred probs embedding");
        new ClassFile(80, 3, "r").Write(folder["train.parquet"], "id label embedding");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(MineStrategy.Failures, 20)]
    [InlineData(MineStrategy.Failures, 300)]
    [InlineData(MineStrategy.KCenter, 20)]
    public void Merged_IsTheSameBytesAsOneRun(MineStrategy strategy, int budget)
    {
        var options = Options() with { Strategy = strategy, Budget = budget };
        byte[] whole = Files(options, null);
        foreach (int count in (int[])[1, 2, 3, 7])
            Assert.Equal(whole, Files(options with { Threads = 1 }, Parts(options, count)));
    }

    [Fact]
    public void Merge_LeavesOutAFileThatOnlyReadingShowsToBeDamaged()
    {
        byte[] damaged = File.ReadAllBytes(folder["pool.parquet"]);
        // Pages, not the footer: the file opens.
        damaged.AsSpan(4, damaged.Length / 2).Fill(0x5a);
        File.WriteAllBytes(folder["damaged.parquet"], damaged);
        var options = Options() with { Pool = [folder["pool.parquet"], folder["damaged.parquet"]], SkipUnreadable = true };
        var parts = Parts(options, 2);
        Assert.Equal([folder["damaged.parquet"]], parts[1].About.LeftOut().Select(f => f.Path));
        Assert.Equal(Files(options, null), Files(options, parts));
    }

    [Fact]
    public void Merge_RefusesOtherOptionsAndData()
    {
        var options = Options();
        var parts = Parts(options, 2);
        Assert.Contains("option Budget: 20, not 21", Assert.Throws<InputException>(() => StateBook.CheckParts([parts[0], Part(options with { Budget = 21 }, 2, 2)], null)).Message, StringComparison.Ordinal);
        Refused("the data is not what it was when this state was made: cases read", options with { Cases = options.Cases! with { Errors = 7 } });
        new ClassFile(300, 5, "p").Write(folder["pool.parquet"], "id pred probs embedding");
        Refused("the data is not what it was when this state was made: pool file", options);

        void Refused(string why, MineOptions other) => Assert.Contains(why, Assert.Throws<InputException>(() => Files(other, parts)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Strategies_WithoutASearchAreRefused()
    {
        foreach (var strategy in (MineStrategy[])[MineStrategy.Random, MineStrategy.Margin, MineStrategy.KCenter])
        {
            var options = Options() with { Strategy = strategy, Train = [] };
            Assert.Contains("no search that parts could share", Assert.Throws<InputException>(() => Part(options, 1, 2)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Commands_MakePartsOfAScansFailuresAndMergeThem()
    {
        Assert.Equal((0, ""), Done(["scan", "test.parquet", "--device", "cpu", "--quiet", "--out", "scan"]));
        string[] mine = ["mine", "--cases", "scan", "--pool", "pool.parquet", "--train", "train.parquet", "--budget", "20", "--device", "cpu", "--quiet"];
        Assert.Equal((0, ""), Done([.. mine, "--export", "csv", "--out", "whole"]));
        for (int i = 1; i <= 2; i++)
            Assert.Equal((0, ""), Done([.. mine, "--export", "csv", "--shard", $"{i}/2", "--state", $"p{i}.gds"]));
        Assert.Equal((2, "gpudiag: error: of 2 parts 1 are missing: 2"), Done(["merge", "p1.gds"]));
        Assert.Equal((0, ""), Done(["merge", "p2.gds", "p1.gds", "--out", "merged", "--quiet"]));
        string[] files = [.. Directory.GetFiles(folder["whole"]).Select(f => Path.GetFileName(f)).Order()];
        Assert.Contains("mined.csv", files);
        Assert.Equal(files, Directory.GetFiles(folder["merged"]).Select(f => Path.GetFileName(f)).Order());
        Assert.All(files.Where(f => f != "run.json"), f => Assert.Equal(File.ReadAllBytes(folder[$"whole/{f}"]), File.ReadAllBytes(folder[$"merged/{f}"])));
        Assert.Equal((2, "gpudiag: error: this strategy has no search that parts could share: it ranks rows by their own values"), Done([.. mine, "--strategy", "margin", "--shard", "1/2", "--state", "x.gds"]));
    }

    private (int Code, string Errors) Done(string[] args)
    {
        var run = Gpudiag.Run(folder.Root, args);
        return (run.Code, run.Errors.Split('\n')[0]);
    }

    private MineOptions Options() => new()
    {
        Pool = [folder["pool.parquet"]],
        Cases = new CaseSource { Name = "test", Inputs = [folder["test.parquet"]] },
        Train = [folder["train.parquet"]],
        Budget = 20,
        Device = "cpu",
        Threads = 2,
    };

    private StateBook[] Parts(MineOptions options, int count) => [.. Enumerable.Range(1, count).Select(i => Part(options with { Threads = 1 + (i % 2) }, i, count))];

    private StateBook Part(MineOptions options, int index, int count)
    {
        string path = folder[$"part{++states}.gds"];
        using (var stream = File.Create(path))
            MineParts.Make(options, ["test"], [], new ShardSlice(index, count), Version, null, default).Write(stream);
        return StateBook.Peek(path, Version);
    }

    /// <summary>Table and summary, one after the other.</summary>
    private static byte[] Files(MineOptions options, IReadOnlyList<StateBook>? parts)
    {
        using var mine = parts is null ? Mine.Open(options, null, default) : Mine.Merge(options, new MineParts(parts), null, default);
        var result = mine.Run();
        using var all = new MemoryStream();
        MineExport.Write("parquet", all, result, default);
        MineSummary.WriteJson(all, result, mine.Info());
        return all.ToArray();
    }
}
