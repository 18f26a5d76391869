using GpuDiag.Analyses.Compare;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Reports.Compare;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Compare;

/// <summary>Comparisons of models that go on from what was kept, or that machines share, give the bytes of one that was neither.</summary>
public sealed class CompareRoundsTests : IDisposable
{
    private const int Rows = 360;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Kinds => ["ids", "text ids", "order", "columns", "predictions"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Kept_AtAnyMoment_GoesOnToTheSameBytes(string kind)
    {
        CompareOptions options = Options(kind);
        byte[] whole = Bytes(options, () => new Rounds());
        List<(string Name, byte[] Content)[]> kept = [];
        Assert.Equal(whole, Bytes(options, () => new Rounds { Checkpoints = new Checkpoints(TimeSpan.Zero, sections => kept.Add([.. sections])) }));
        string[] passes = kind == "predictions" ? ["after", "1:compare"] : ["after", "1:compare", "2:rank", "3:delong"];
        Assert.All(passes, p => Assert.Contains(kept, k => k[^1].Name == p + ", partly"));
        Assert.Equal(["look before", "quantiles before", "look after", "quantiles after", "clusters", .. passes], kept[^1].Select(s => s.Name));
        foreach ((string, byte[])[] sections in kept.Where((_, i) => i % 4 == 0 || i == kept.Count - 1))
        {
            Assert.Equal(whole, Bytes(options with { Before = options.Before with { Threads = 2 } }, () =>
            {
                Rounds rounds = new() { Checkpoints = new Checkpoints(TimeSpan.FromHours(1), _ => { }) };
                Array.ForEach(sections, s => rounds.Add(s.Item1, s.Item2));
                return rounds;
            }));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Parts_MergeToTheSameBytesInAnyOrder(string kind)
    {
        CompareOptions options = Options(kind);
        byte[] whole = Bytes(options, () => new Rounds());
        foreach (int count in (int[])[1, 2, 3, 7, .. kind == "order" ? [20] : (int[])[]])
        {
            StateBook[] parts = [.. Enumerable.Range(1, count).Select(i => Part(options with { Before = options.Before with { Threads = 1 + (i % 3) } }, i, count))];
            new Random(count).Shuffle(parts);
            CompareOptions kept = parts[0].About.ToOptions<CompareOptions>();
            Assert.Equal(whole, Bytes(kept with { Before = kept.Before with { Device = "cpu", Threads = 2 }, Scratch = folder.Root }, Sharding.ToResult(parts, null)));
        }
    }

    [Theory]
    [InlineData("text ids")]
    [InlineData("order")]
    [InlineData("predictions")]
    public void Rounds_OfDifferentCutsAreTheSameBytes(string kind)
    {
        CompareOptions options = Options(kind);
        StateBook? after = null;
        List<string> passes = [];
        for (string? next = "compare"; next is not null; passes.Add(after.About.Pass))
        {
            StateBook[] parts = [.. Enumerable.Range(1, 2 + passes.Count).Select(i => Part(options, i, 2 + passes.Count, after))];
            Assert.All(parts, p => Assert.Equal(next, p.About.Pass));
            (after, next) = Sharding.Merge(parts, after, rounds => Comparison.Run(options, null, rounds, default), "1.0");
            after = Reread(after);
        }

        Assert.Equal(kind == "predictions" ? ["compare"] : ["compare", "rank", "delong"], passes);
        Assert.Contains("no pass is left", Assert.Throws<InputException>(() => Part(options, 1, 2, after)).Message, StringComparison.Ordinal);
        Assert.Equal(Bytes(options, () => new Rounds()), Bytes(options, Sharding.ToResult([], after)));
    }

    [Fact]
    public void Parts_OfOtherOptionsOrDataAreRefused()
    {
        CompareOptions options = Options("ids");
        StateBook[] two = [Part(options, 1, 2), Part(options, 2, 2)];
        Refused("are missing: 2", two[0]);
        Refused("is part 1/2, which", two[0], two[0], two[1]);
        Refused("option Margin: 0.01, not 0.02", two[0], Part(options with { Margin = 0.02 }, 2, 2));
        Refused("option Before.MinSupport: 30, not 5", two[0], Part(options with { Before = options.Before with { MinSupport = 5 } }, 2, 2));
        Refused("command compare, not drift", two[0], two[1] with { About = two[1].About with { Command = "drift" } });
        File.Copy(folder["before.parquet"], folder["after.parquet"], overwrite: true);
        Refused("after columns", two[0], Part(options, 2, 2));
        Assert.Contains("the data is not what it was", Assert.Throws<InputException>(() => Bytes(options, Sharding.ToResult(two, null))).Message, StringComparison.Ordinal);

        static void Refused(string why, params StateBook[] parts) =>
            Assert.Contains(why, Assert.Throws<InputException>(() => Sharding.ToResult(parts, null)).Message, StringComparison.Ordinal);
    }

    private StateBook Part(CompareOptions options, int index, int count, StateBook? after = null) =>
        Reread(Sharding.Part("compare", options, rounds => Comparison.Run(options, null, rounds, default), new ShardSlice(index, count), after, "1.0"));

    private StateBook Reread(StateBook book)
    {
        string path = folder[$"{Guid.NewGuid():N}.gds"];
        using (FileStream file = File.Create(path))
        {
            book.Write(file);
        }

        return StateBook.Read(path, "1.0");
    }

    private CompareOptions Options(string kind)
    {
        Random random = new(3);
        int[] order = [.. Enumerable.Range(0, Rows)];
        if (kind.EndsWith("ids", StringComparison.Ordinal))
        {
            random.Shuffle(order);
        }

        string[] classes = ["ant", "bee", "cow"];
        string?[] label = [.. order.Select(_ => random.Next(20) == 0 ? null : classes[random.Next(3)])];
        (string, Array)[] before = Model(random, label), after = Model(random, label);
        string Id(int i) => kind == "text ids" ? $"row-{i:00000}" : i.ToString(System.Globalization.CultureInfo.InvariantCulture);
        (string, Array)[] rows =
        [
            ("label", label), ("weather", label.Select(_ => random.Next(4) is > 0 and int w ? $"w{w}" : null).ToArray()), ("night", label.Select(_ => random.Next(2) == 0).ToArray()), ("age", label.Select(_ => random.NextDouble()).ToArray()),
            ("embedding", label.Select(_ => new[] { random.NextSingle(), random.NextSingle(), random.NextSingle(), random.NextSingle() }).ToArray()),
        ];
        (string, Array)[] ids = kind == "order" ? [] : [("id", kind == "text ids" ? order.Select((_, i) => Id(i)).ToArray() : order.Select((_, i) => (long)i).ToArray())];
        CompareOptions options = new()
        {
            Before = new ScanOptions { Inputs = [folder["before.parquet"]], Device = "cpu", Threads = 3, Segments = ["weather", "weather*night", "age"], Bins = [new BinOption("age", 3)], MaxRows = 40 },
            After = [folder["after.parquet"]],
            Scratch = folder.Root,
        };
        if (kind == "columns")
        {
            CompareFile.Write(folder["before.parquet"], 50, [.. ids, .. rows, .. Named(before, "1"), .. Named(after, "2")]);
            return options with { After = [], PredBefore = "pred1", PredAfter = "pred2", ProbsBefore = ["probs1"], ProbsAfter = ["probs2"], ConfidenceBefore = "confidence1", ConfidenceAfter = "confidence2" };
        }

        bool few = kind == "predictions";
        CompareFile.Write(folder["before.parquet"], 50, [.. ids, .. rows, .. few ? before[..1] : before]);
        CompareFile.Write(folder["after.parquet"], 61, Picked([.. ids, rows[0], .. few ? after[..1] : after], kind == "ids" ? [.. order[..300], order[0], order[1]] : order));
        return few ? options with { Before = options.Before with { Segments = [], Bins = [] } } : options;
    }

    private static (string, Array)[] Model(Random random, string?[] label)
    {
        string[] classes = ["ant", "bee", "cow"];
        float[][] probs = [.. label.Select(l =>
        {
            float[] p = [.. classes.Select(c => random.NextSingle() + (c == l ? 0.7f : 0))];
            float sum = p.Sum();
            return random.Next(30) == 0 ? [float.NaN, 0.5f, 0.5f] : p.Select(x => x / sum).ToArray();
        })];
        return
        [
            ("pred", probs.Select(p => random.Next(40) == 0 ? null : classes[Array.IndexOf(p, p.Max())]).ToArray()), ("probs", probs),
            ("confidence", probs.Select(p => float.IsNaN(p[0]) ? 0.5 : p.Max()).ToArray()),
        ];
    }

    private static (string, Array)[] Named((string Name, Array Values)[] columns, string suffix) => [.. columns.Select(c => (c.Name + suffix, c.Values))];

    private static (string, Array)[] Picked((string Name, Array Values)[] columns, int[] rows) => [.. columns.Select(c =>
    {
        Array picked = Array.CreateInstance(c.Values.GetType().GetElementType()!, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            picked.SetValue(c.Values.GetValue(rows[i]), i);
        }

        return (c.Name, picked);
    })];

    /// <summary>All files of the result but run.json, one after the other.</summary>
    private static byte[] Bytes(CompareOptions options, Func<Rounds> rounds)
    {
        CompareOutcome outcome = Comparison.Run(options, null, rounds, default);
        using MemoryStream all = new();
        foreach (CompareReport report in CompareReports.All.Where(r => r.FileName != "run.json" && r.Applies(outcome)))
        {
            using MemoryStream one = new();
            report.Write(one, outcome, default);
            all.Write(one.ToArray());
        }

        return all.ToArray();
    }
}
