using GpuDiag.Analyses.Neighbors;
using GpuDiag.Analyses.Shards;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Reports;
using GpuDiag.Reports.Tables;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Cli;

/// <summary>Searches for neighbours in parts of the queries, merged, are the bytes of one search.</summary>
public sealed class KnnPartTests : IDisposable
{
    private const string Version = "1.0";

    private readonly TempFolder folder = new();
    private int states;

    public KnnPartTests()
    {
        float[]?[] queries = EmbeddingFile.Vectors(61, 4), searched = EmbeddingFile.Vectors(90, 4, 2);
        (queries[3], queries[40], searched[7], searched[8]) = (null, [1, float.NaN, 1, 1], [0, 0, 0, 0], null);
        EmbeddingFile.Write(folder["q.parquet"], queries, [.. queries.Select((_, i) => $"q{i}")]);
        EmbeddingFile.Write(folder["b.parquet"], searched);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true, VectorMetric.Cosine, 5)]
    [InlineData(true, VectorMetric.L2, 200)]
    [InlineData(false, VectorMetric.InnerProduct, 3)]
    public void Merged_IsTheSameBytesAsOneSearch(bool self, VectorMetric metric, int k)
    {
        var options = Options(self) with { Metric = metric, K = k };
        byte[] whole = Files(options, null);
        foreach (int count in (int[])[1, 2, 3, 7, 100])
        {
            var parts = Parts(options, count);
            // Options come from the state.
            Assert.Equal(whole, Files(parts[0].About.ToOptions<KnnOptions>() with { Threads = 1 }, parts));
        }
    }

    [Fact]
    public void Part_GoesOnFromThePiecesThatWereKept()
    {
        // So many neighbours that a piece of the least memory does not hold all queries.
        EmbeddingFile.Write(folder["many.parquet"], EmbeddingFile.Vectors(2500, 3));
        EmbeddingFile.Write(folder["b.parquet"], EmbeddingFile.Vectors(400, 3, 2));
        var options = Options(false) with { Queries = [folder["many.parquet"]], K = 400, Memory = 1 << 26 };
        string[] found = [.. ((bool[])[false, true]).Select(resume =>
        {
            using var log = PieceLog.Open(folder["part.pieces"], resume);
            var part = KnnParts.Make(options with { Log = log }, new ShardSlice(1, 1), Version, null, default);
            Assert.Equal(resume ? (3, 3) : (0, 0), (log.Known, log.Taken));
            return Convert.ToHexString(part.Sections[1].Content);
        })];
        Assert.Equal(found[0], found[1]);
    }

    [Fact]
    public void Rows_OfPartsFollowEachOther()
    {
        foreach (long rows in (long[])[1, 10, 1L << 50])
        {
            var slices = Enumerable.Range(1, 7).Select(i => new ShardSlice(i, 7).Rows(rows)).ToArray();
            Assert.Equal((0, rows), (slices[0].First, slices[^1].End));
            Assert.All(slices.Zip(slices.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.First));
        }
    }

    [Fact]
    public void Merge_OfAnUnreadableFileLeavesItOutLikeTheParts()
    {
        File.WriteAllText(folder["x.parquet"], "no Parquet");
        var options = Options(true) with { Queries = [folder["q.parquet"], folder["x.parquet"]], SkipUnreadable = true };
        var parts = Parts(options, 2);
        Assert.Equal([folder["x.parquet"]], parts[0].About.LeftOut().Select(f => f.Path));
        Assert.Equal(Files(options, null), Files(options, parts));
    }

    [Fact]
    public void Merge_RefusesOtherDataAndDamage()
    {
        var options = Options(false);
        var parts = Parts(options, 2);
        Assert.Contains("option K: 10, not 4", Assert.Throws<InputException>(() => StateBook.CheckParts([parts[0], Part(options with { K = 4 }, 2, 2)], null)).Message, StringComparison.Ordinal);

        byte[] found = [.. parts[1].Whole().Sections[1].Content];
        found[0] = 0x7f;
        Refused("content can't be read", [parts[0], Kept(parts[1].Whole() with { Sections = [parts[1].Whole().Sections[0], ("1:search", found)] })]);
        Refused("content can't be read", [parts[0], Kept(parts[1].Whole() with { Sections = [parts[1].Whole().Sections[0], ("1:search", found[..9])] })]);
        Refused("found other vectors than", [parts[0], Kept(parts[1].Whole() with { Sections = [("vectors", new byte[44]), parts[1].Whole().Sections[1]] })]);

        Kept(parts[0].Whole(), parts[1].Path);
        Refused("changed while it was being merged", parts);
        EmbeddingFile.Write(folder["b.parquet"], EmbeddingFile.Vectors(90, 4, 5));
        Refused("the data is not what it was when this state was made: base file", parts);

        void Refused(string why, IReadOnlyList<StateBook> books) => Assert.Contains(why, Assert.Throws<InputException>(() => Files(options, books)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_MakePartsAndMergeThem()
    {
        string[] search = ["knn", "q.parquet", "b.parquet", "--k", "3", "--device", "cpu"];
        Assert.Equal((0, ""), Done([.. search, "--out", "whole", "--quiet"]));
        Assert.Equal((0, ""), Done([.. search, "--shard", "2/2", "--state", "p2.gds", "--quiet", "--resume"]));
        Assert.Equal((2, "gpudiag: error: of 2 parts 1 are missing: 1"), Done(["merge", "p2.gds"]));
        Assert.Equal((2, "gpudiag: error: --shard needs a file for its state"), Done([.. search, "--shard", "1/2"]));
        Assert.Equal((2, "gpudiag: error: --state needs a part to make"), Done([.. search, "--state", "p1.gds"]));
        var part = Gpudiag.Run(folder.Root, [.. search, "--shard", "1/2", "--state", "p1.gds"]);
        Assert.Equal((0, "Part 1/2 of pass search"), (part.Code, part.Text.Split(':')[0]));
        Assert.Equal((2, "gpudiag: error: gpudiag knn has no --gate, and these are its parts"), Done(["merge", "p1.gds", "p2.gds", "--gate", "x>1"]));
        Assert.Equal((2, "gpudiag: error: --state is for rounds of parts, and gpudiag knn has one"), Done(["merge", "p1.gds", "p2.gds", "--state", "all.gds"]));
        Assert.Equal((0, ""), Done(["merge", "p2.gds", "p1.gds", "--out", "merged", "--quiet"]));
        string[] files = [.. Directory.GetFiles(folder["whole"]).Select(f => Path.GetFileName(f)).Order()];
        Assert.Equal(files, Directory.GetFiles(folder["merged"]).Select(f => Path.GetFileName(f)).Order());
        Assert.All(files.Where(f => f != "run.json"), f => Assert.Equal(File.ReadAllBytes(folder[$"whole/{f}"]), File.ReadAllBytes(folder[$"merged/{f}"])));
        Assert.Equal(["b.parquet", "p1.gds", "p2.gds", "q.parquet"], Directory.GetFiles(folder.Root).Select(f => Path.GetFileName(f)).Order());
    }

    private (int Code, string Errors) Done(string[] args)
    {
        var run = Gpudiag.Run(folder.Root, args);
        return (run.Code, run.Errors.Split('\n')[0]);
    }

    private KnnOptions Options(bool self) => new() { Queries = [folder["q.parquet"]], Base = self ? [] : [folder["b.parquet"]], Device = "cpu", Threads = 2 };

    private StateBook[] Parts(KnnOptions options, int count) => [.. Enumerable.Range(1, count).Select(i => Part(options with { Threads = 1 + (i % 2) }, i, count))];

    private StateBook Part(KnnOptions options, int index, int count) => Kept(KnnParts.Make(options, new ShardSlice(index, count), Version, null, default));

    private StateBook Kept(StateBook book, string? path = null)
    {
        path ??= folder[$"part{++states}.gds"];
        using (var stream = File.Create(path))
            book.Write(stream);
        return StateBook.Peek(path, Version);
    }

    /// <summary>Table and summary, one after the other.</summary>
    private static byte[] Files(KnnOptions options, IReadOnlyList<StateBook>? parts)
    {
        using var knn = parts is null ? Knn.Open(options, null, default) : Knn.Merge(options, parts, default);
        using var all = new MemoryStream();
        ResultTables.Knn(knn.QueryId, knn.NeighborId).Write(all, knn.Rows(), default);
        KnnSummary.WriteJson(all, knn.Finish());
        return all.ToArray();
    }
}
