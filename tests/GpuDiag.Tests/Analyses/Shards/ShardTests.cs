using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Reports;
using GpuDiag.Tests.Analyses.Embeddings;
using GpuDiag.Tests.Analyses.Scan;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Shards;

/// <summary>Parts of the data, read apart and merged, give the bytes of one scan.</summary>
public sealed class ShardTests : IDisposable
{
    private const string Version = "1.0";

    private readonly TempFolder folder = new();
    private readonly ScanTable table = new(700, 5);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    [InlineData(true, 20)]
    [InlineData(false, 4)]
    public void Merged_IsTheSameBytesAsOneScan(bool probabilities, int parts)
    {
        var options = Options(probabilities);
        var states = Parts(options, parts, null);
        // Parts come in any order, and through files.
        states.Reverse();
        Assert.Equal(Files(options, null), Files(states[0].About.ToOptions<ScanOptions>() with { Device = "cpu", Threads = 3 }, Sharding.ToResult(states, null)));
    }

    [Fact]
    public void Rounds_OfDifferentCutsAreTheSameBytesAsOneScan()
    {
        var options = Options(true);
        StateBook? after = null;
        List<string> passes = [];
        for (string? next = "read"; next is not null; passes.Add(after.About.Pass))
        {
            var states = Parts(options, 2 + passes.Count, after);
            Assert.All(states, s => Assert.Equal(next, s.About.Pass));
            (after, next) = Sharding.Merge(states, after, All(options), Version);
            after = Reread(after, $"after{passes.Count}.gds");
        }

        Assert.Equal(["read", "rank"], passes);
        Assert.Contains("no pass is left", Assert.Throws<InputException>(() => Part(options, 1, 2, after)).Message, StringComparison.Ordinal);
        Assert.Equal(Files(options, null), Files(options, Sharding.ToResult([], after)));
    }

    [Fact]
    public void Embeddings_AndATrainingSetAreTheSameBytesAsOneScan()
    {
        var rows = EmbeddingTable.Random(150, 6, 9);
        rows.Repeat(3, "a", "b", "test");
        ScanOptions options = new() { Inputs = [rows.Write(folder["a.parquet"], 0, 90, 20), rows.Write(folder["b.parquet"], 90, 151, 7)], Train = [EmbeddingTable.Random(80, 6, 4).Write(folder["t.parquet"])], Device = "cpu", Threads = 2 };
        Assert.Equal(Files(options, null), Files(options, Sharding.ToResult(Parts(options, 3, null), null)));
    }

    [Fact]
    public void Slices_HoldEveryChunkOnceInOrder()
    {
        string path = table.Write(folder["a.parquet"], 0, 700, 23);
        using var data = Dataset.Open([path]);
        foreach (int count in (int[])[1, 2, 5, 31, 100])
        {
            var slices = Enumerable.Range(1, count).Select(i => new ShardSlice(i, count).Chunks(data.Chunks, data.Rows)).ToArray();
            Assert.Equal(Enumerable.Range(0, data.Chunks.Count), slices.SelectMany(s => Enumerable.Range(s.First, s.End - s.First)));
        }
    }

    [Theory]
    [InlineData("0/2")]
    [InlineData("3/2")]
    [InlineData("1")]
    [InlineData("1/2/3")]
    [InlineData("-1/2")]
    [InlineData("1/99999999")]
    public void Slice_IsCheckedWhenParsed(string text) => Assert.Contains(text, Assert.Throws<InputException>(() => ShardSlice.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Merge_RefusesWhatDoesNotBelongTogetherAndSaysWhich()
    {
        var options = Options(true);
        var two = Parts(options, 2, null);
        Refused("are missing: 2", two[0]);
        Refused("is part 1/2, which", two[0], two[0] with { Path = "again.gds" }, two[1]);
        Refused("is part 1/3", two[0], Part(options, 1, 3, null));
        Refused("option MinSupport: 30, not 31", two[0], Part(options with { MinSupport = 31 }, 2, 2, null));
        Refused("option Label: null, not \"label\"", two[0], Part(options with { Label = "label" }, 2, 2, null));
        Refused("command scan, not knn", two[0], two[1] with { About = two[1].About with { Command = "knn" } });
        Refused("version 1.0, not 2.0", two[0], two[1] with { About = two[1].About with { Version = "2.0" } });
        var (merged, _) = Sharding.Merge(two, null, All(options), Version);
        merged = Reread(merged, "merged.gds");
        var later = Part(options, 1, 2, merged);
        Refused("or they began with different merged states", two[0], later);
        Refused("began with another merged state", later, Part(options, 2, 2, merged));

        string data = table.Write(folder["data0.parquet"], 0, 350, 49);
        Assert.Contains("the data is not what it was", Assert.Throws<InputException>(() => Files(options, Sharding.ToResult(two, null))).Message, StringComparison.Ordinal);
        Assert.Contains(data, Assert.Throws<InputException>(() => Part(options, 2, 2, merged)).Message, StringComparison.Ordinal);

        void Refused(string why, params StateBook[] books)
            => Assert.Contains(why, Assert.Throws<InputException>(() => StateBook.CheckParts(books, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void State_ThatIsDamagedOrOfAnotherVersionIsRefused()
    {
        var book = Part(Options(true), 1, 2, null);
        string path = folder["a.gds"];
        byte[] whole = File.ReadAllBytes(book.Path);
        Random random = new(3);
        for (int i = 0; i < 150; i++)
        {
            byte[] damaged = [.. whole];
            int at = random.Next(whole.Length);
            damaged[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, i % 10 == 0 ? whole[..at] : damaged);
            try
            {
                // A bit that no reader looks at may differ; what is read is the same then.
                var read = StateBook.Read(path, Version);
                Assert.Equal(book.Sections.Select(s => Convert.ToHexString(s.Content)), read.Sections.Select(s => Convert.ToHexString(s.Content)));
            }
            catch (InputException fault)
            {
                Assert.Equal(path, fault.File);
            }
        }

        Assert.Contains("is of version 1.0", Assert.Throws<InputException>(() => StateBook.Read(book.Path, "1.1")).Message, StringComparison.Ordinal);
        File.Copy(folder["data0.parquet"], path, overwrite: true);
        Assert.Throws<InputException>(() => StateBook.Read(path, Version));
    }

    private ScanOptions Options(bool probabilities) => new()
    {
        Inputs = [table.Write(folder["data0.parquet"], 0, 350, 50, probabilities), table.Write(folder["data1.parquet"], 350, 700, 61, probabilities)],
        Segments = ["weather*night", "age"],
        Bins = [new BinOption("age", 5)],
        Device = "cpu",
        Threads = 2,
        MaxRows = 50,
    };

    private List<StateBook> Parts(ScanOptions options, int count, StateBook? after) => [.. Enumerable.Range(1, count).Select(i => Part(options, i, count, after))];

    private StateBook Part(ScanOptions options, int index, int count, StateBook? after)
        => Reread(Sharding.Part(options with { Threads = 1 + (index % 3) }, new ShardSlice(index, count), after, Version, null, default), $"part{index}of{count}-{Guid.NewGuid():N}.gds");

    private StateBook Reread(StateBook book, string name)
    {
        using (var stream = File.Create(folder[name]))
            book.Write(stream);
        return StateBook.Read(folder[name], Version);
    }

    private static Action<Func<Rounds>> All(ScanOptions options) => rounds => GpuDiag.Analyses.Scan.Scan.Run(options, null, rounds, default);

    /// <summary>All files of the result but run.json, one after the other.</summary>
    private static byte[] Files(ScanOptions options, Func<Rounds>? rounds)
    {
        var outcome = GpuDiag.Analyses.Scan.Scan.Run(options, null, rounds ?? (() => new Rounds()), default);
        using var all = new MemoryStream();
        foreach (var report in ReportCatalog.All.Where(r => r.FileName != "run.json" && r.Applies(outcome)))
        {
            using var one = new MemoryStream();
            report.Write(one, outcome, default);
            all.Write(one.ToArray());
        }
        return all.ToArray();
    }
}
