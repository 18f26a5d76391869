using GpuDiag.Analyses.Drift;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Reports.Drift;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Drift;

/// <summary>Comparisons of datasets that go on from what was kept, or that machines share, give the bytes of one that was neither.</summary>
public sealed class DriftRoundsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Cases => ["segments", "cut", "no labels", "labels none", "saved", "series"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Kept_AtAnyMoment_GoesOnToTheSameBytes(string what)
    {
        DriftOptions options = Options(what);
        byte[] whole = Bytes(options, () => new Rounds());
        List<(string Name, byte[] Content)[]> kept = [];
        Assert.Equal(whole, Bytes(options, () => new Rounds { Checkpoints = new Checkpoints(TimeSpan.Zero, sections => kept.Add([.. sections])) }));
        Assert.InRange(kept.Count, 4, 200);
        foreach ((string, byte[])[] sections in kept.Where((_, i) => i % 3 == 0 || i == kept.Count - 1))
        {
            bool again = false;
            Assert.Equal(whole, Bytes(options with { Threads = 2 }, () =>
            {
                Assert.False(again);
                again = true;
                Rounds rounds = new() { Checkpoints = new Checkpoints(TimeSpan.FromHours(1), _ => { }) };
                Array.ForEach(sections, s => rounds.Add(s.Item1, s.Item2));
                return rounds;
            }));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Parts_MergeToTheSameBytesInAnyOrder(string what)
    {
        DriftOptions options = Options(what);
        byte[] whole = Bytes(options, () => new Rounds());
        foreach (int count in (int[])[1, 2, 3, 7])
        {
            StateBook[] parts = [.. Enumerable.Range(1, count).Select(i => Part(options with { Threads = 1 + (i % 3) }, i, count))];
            new Random(count).Shuffle(parts);
            DriftOptions kept = parts[0].About.ToOptions<DriftOptions>() with { Device = "cpu", Threads = 2 };
            Assert.Equal(whole, Bytes(kept, Sharding.ToResult(parts, null)));
        }
    }

    [Fact]
    public void Parts_OfOtherOptionsOrDataAreRefused()
    {
        DriftOptions options = Options("segments");
        StateBook[] two = [Part(options, 1, 2), Part(options, 2, 2)];
        Refused("are missing: 2", two[0]);
        Refused("is part 1/2, which", two[0], two[0], two[1]);
        Refused("option Alpha: 0.05, not 0.01", two[0], Part(options with { Alpha = 0.01 }, 2, 2));
        Refused("command drift, not scan", two[0], two[1] with { About = two[1].About with { Command = "scan" } });
        Refused("version 1.0, not 2.0", two[0], two[1] with { About = two[1].About with { Version = "2.0" } });
        Write("current", 2, 300, 6, true, "segments");
        Refused("current file", two[0], Part(options, 2, 2));
        Assert.Contains("the data is not what it was", Assert.Throws<InputException>(() => Bytes(options, Sharding.ToResult(two, null))).Message, StringComparison.Ordinal);

        static void Refused(string why, params StateBook[] parts) =>
            Assert.Contains(why, Assert.Throws<InputException>(() => Sharding.ToResult(parts, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KnownPasses_AreNotMadeAgain()
    {
        DriftOptions options = Options("segments");
        IReadOnlyList<(string Name, byte[] Content)> kept = [];
        byte[] whole = Bytes(options, () => new Rounds { Checkpoints = new Checkpoints(TimeSpan.Zero, sections => kept = [.. sections]) });
        Assert.Equal(["1:read reference", "2:read current"], kept.Select(s => s.Name));
        HashSet<string> shown = [];
        Assert.Equal(whole, Bytes(
            options,
            () =>
            {
                Rounds rounds = new();
                kept.ToList().ForEach(s => rounds.Add(s.Name, s.Content));
                return rounds;
            },
            new Shown(shown)));
        Assert.Empty(shown);
    }

    [Fact]
    public void Segments_HaveTooManyValuesHoweverTheRowsAreCut()
    {
        // 101 values in all rows, 60 of them in rows with a label: one reading counts them all, and so must two that are merged.
        const int Rows = 1010;
        (string, Array)[] columns =
        [
            ("label", Enumerable.Range(0, Rows).Select(i => i % 101 < 60 ? "a" : null).ToArray()), ("pred", Enumerable.Range(0, Rows).Select(i => i % 3 == 0 ? "a" : "b").ToArray()),
            ("site", Enumerable.Range(0, Rows).Select(i => $"s{i % 101}").ToArray()),
        ];
        int[] apart = [.. Enumerable.Range(0, Rows).Where(i => i % 101 >= 80 || (i % 101 < 10 && i % 2 == 0))], rest = [.. Enumerable.Range(0, Rows).Except(apart)];
        string one = DriftFile.Write(folder["one.parquet"], 1, columns), first = DriftFile.Write(folder["first.parquet"], 1, DriftFile.Rows(columns, rest)), second = DriftFile.Write(folder["second.parquet"], 1, DriftFile.Rows(columns, apart));
        DriftOptions options = new() { Datasets = [one, one], Device = "cpu", Threads = 1 };
        Assert.Equal(Reference(options), Reference(options with { Datasets = [first, one], Further = [second] }));

        static byte[] Reference(DriftOptions options)
        {
            using MemoryStream stream = new();
            GpuDiag.Analyses.Drift.Drift.Run(options, null, default).SaveReference(stream);
            return stream.ToArray();
        }
    }

    private DriftOptions Options(string what)
    {
        bool labels = what is not "no labels";
        string reference = Write("reference", 1, 400, 7, labels, what), current = Write("current", 2, 300, 5, labels, what);
        DriftOptions options = new() { Datasets = [reference, current], Device = "cpu", Threads = 3 };
        return what switch
        {
            "segments" => options with { Segments = ["site", "site*night"], Further = [] },
            "cut" => options with { Bins = [new BinOption("size", 4)], Further = [Write("further", 3, 200, 3, labels, what)] },
            "saved" => options with { Datasets = [Saved(options), current] },
            "series" => options with { Datasets = [reference, current, Write("later", 4, 250, 4, labels, what)] },
            _ => options,
        };
    }

    private StateBook Part(DriftOptions options, int index, int count)
    {
        StateBook part = Sharding.Part("drift", options, rounds => GpuDiag.Analyses.Drift.Drift.Run(options, null, rounds, default), new ShardSlice(index, count), null, "1.0");
        string path = folder[$"{index}of{count}-{Guid.NewGuid():N}.gds"];
        using (FileStream file = File.Create(path))
        {
            part.Write(file);
        }

        return StateBook.Read(path, "1.0");
    }

    private string Saved(DriftOptions options)
    {
        using FileStream file = File.Create(folder["saved.state"]);
        GpuDiag.Analyses.Drift.Drift.Run(options with { Datasets = [options.Datasets[0]] }, null, default).SaveReference(file);
        return folder["saved.state"];
    }

    /// <summary>Rows of a model; where nothing else cuts them, as of <c>saved</c>, by numbers and clusters.</summary>
    private string Write(string name, int seed, int rows, int groups, bool labels, string what)
    {
        Random random = new(seed);
        double[] size = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble())];
        string?[] label = [.. Enumerable.Range(0, rows).Select(_ => what == "labels none" && name == "current" ? null : random.Next(2) == 0 ? "a" : "b")];
        return DriftFile.Write(
            folder[$"{name}.parquet"],
            groups,
            [
                .. labels ? [("label", label)] : ((string, Array)[])[],
                ("pred", size.Select((s, i) => random.NextDouble() < 0.3 * s ? "a" : label[i] ?? "b").ToArray()), ("confidence", size.Select(s => 1 - (0.3 * s)).ToArray()), ("size", size),
                .. what is "saved" or "no labels" ? [] : ((string, Array)[])[("site", size.Select(_ => random.Next(5) is > 0 and int s ? $"s{s}" : null).ToArray()), ("night", size.Select(_ => random.Next(2) == 0).ToArray())],
                ("embedding", size.Select(s => new float[] { (float)s, (float)(1 - s), (float)random.NextDouble() }).ToArray()),
            ]);
    }

    private static byte[] Bytes(DriftOptions options, Func<Rounds> rounds, IProgress<ScanProgress>? progress = null)
    {
        DriftOutcome outcome = GpuDiag.Analyses.Drift.Drift.Run(options, progress, rounds, default);
        using MemoryStream stream = new();
        DriftJson.Write(stream, outcome.Results, outcome.Run with { Version = "", Timings = [] });
        outcome.SaveReference(stream);
        return stream.ToArray();
    }

    private sealed class Shown(HashSet<string> stages) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value) => stages.Add(value.Stage);
    }
}
