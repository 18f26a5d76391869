using GpuDiag.Analyses.Compare;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports.Compare;
using GpuDiag.Tests.Analyses.Compare;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Laws;

/// <summary>The same pairs of rows give the same bytes however either table is cut, ordered, read and computed.</summary>
public sealed class CompareLawTests : IDisposable
{
    private const int Rows = 900;

    private static readonly string[] Classes = ["cat", "dog", "eel"];

    private readonly TempFolder folder = new();
    private readonly float[]?[] probsBefore = new float[]?[Rows], probsAfter = new float[]?[Rows];
    private readonly string?[] label = new string?[Rows], before = new string?[Rows], after = new string?[Rows], weather = new string?[Rows];

    public CompareLawTests()
    {
        Random random = new(8);
        for (int i = 0; i < Rows; i++)
        {
            weather[i] = random.Next(12) == 0 ? null : new[] { "fog", "rain", "sun" }[random.Next(3)];
            label[i] = random.Next(40) == 0 ? null : Classes[random.Next(3)];
            before[i] = random.Next(50) == 0 ? null : random.Next(5) == 0 ? Classes[random.Next(3)] : label[i] ?? "cat";
            after[i] = random.Next(50) == 0 ? null : random.Next(weather[i] == "fog" ? 2 : 8) == 0 ? Classes[random.Next(3)] : label[i] ?? "cat";
            (probsBefore[i], probsAfter[i]) = (Probabilities(random, before[i]), Probabilities(random, after[i]));
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, 900, 1, "cpu", 1)]
    [InlineData(3, 70, 3, "cpu", 16)]
    [InlineData(2, 111, 2, "simulator", 1)]
    public void Compare_GivesTheSameBytesForEveryCutOrderAndDevice(int files, int group, int threads, string device, int megabytes)
    {
        byte[] whole = Compare([Before("b", 0, Rows, Rows)], [After("a", [.. Enumerable.Range(0, Rows)], Rows)], 1, "cpu", null, "place");
        string[] parts = [.. Enumerable.Range(0, files).Select(f => Before($"b{f}", f * Rows / files, (f + 1) * Rows / files, group))];
        int[] order = [.. Enumerable.Range(0, Rows)];
        new Random(3).Shuffle(order);
        string[] others = [.. Enumerable.Range(0, files).Select(f => After($"a{f}", order[(f * Rows / files)..((f + 1) * Rows / files)], group + 5))];
        Assert.Equal(whole, Compare(parts, others, threads, device, (long)megabytes << 20, "place"));
        Assert.Contains("\"clusters\": [", System.Text.Encoding.UTF8.GetString(whole), StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_GivesTheSameBytes_WhenTheRowsOfBothAreShuffled()
    {
        int[] order = [.. Enumerable.Range(0, Rows)];
        string a = After("a", order, Rows);
        byte[] whole = Compare([Before("b", 0, Rows, Rows)], [a], 1, "cpu", null);
        new Random(4).Shuffle(order);
        string shuffled = CompareFile.Write(
            folder["s.parquet"], 50, ("id", Of(order, i => $"r{i}")), ("label", Of(order, i => label[i])), ("pred", Of(order, i => before[i])), ("weather", Of(order, i => weather[i])), ("probs", order.Select(i => probsBefore[i]).ToArray()));
        Assert.Equal(whole, Compare([shuffled], [a], 2, "cpu", null));
    }

    [Fact]
    public void Compare_SaysTheSameByOrderAndOfOneTable()
    {
        string Result(CompareOptions options) => System.Text.Encoding.UTF8.GetString(Bytes(options)).Replace("\"by\":\"order\"", "\"by\":\"columns\"", StringComparison.Ordinal);
        int[] order = [.. Enumerable.Range(0, Rows)];
        string b = CompareFile.Write(folder["ob.parquet"], 77, ("label", label), ("pred", before), ("weather", weather));
        string a = CompareFile.Write(folder["oa.parquet"], 130, ("label", label), ("pred", after));
        string both = CompareFile.Write(folder["both.parquet"], 64, ("label", label), ("old", before), ("new", after), ("weather", weather));
        Assert.Equal(
            Result(new CompareOptions { Before = new ScanOptions { Inputs = [b], Device = "cpu" }, After = [a] }),
            Result(new CompareOptions { Before = new ScanOptions { Inputs = [both], Device = "cpu" }, PredBefore = "old", PredAfter = "new" }));
    }

    /// <summary>The prediction's is the largest. Thirty-seconds: exact, with ties.</summary>
    private static float[]? Probabilities(Random random, string? prediction)
    {
        if (prediction is null || random.Next(60) == 0)
        {
            return null;
        }

        int second = random.Next(11), third = random.Next(11), at = Array.IndexOf(Classes, prediction);
        float[] p = new float[3];
        (p[at], p[(at + 1) % 3], p[(at + 2) % 3]) = ((32 - second - third) / 32f, second / 32f, third / 32f);
        return p;
    }

    private static string?[] Of(int[] order, Func<int, string?> value) => [.. order.Select(value)];

    private string Before(string name, int from, int to, int group)
    {
        int[] order = [.. Enumerable.Range(from, to - from)];
        return CompareFile.Write(
            folder[$"{name}.parquet"], group, ("id", Of(order, i => $"r{i}")), ("label", Of(order, i => label[i])), ("pred", Of(order, i => before[i])), ("weather", Of(order, i => weather[i])), ("probs", order.Select(i => probsBefore[i]).ToArray()), ("place", order.Select(Place).ToArray()));
    }

    /// <summary>Three heaps, and some rows in none.</summary>
    private static float[]? Place(int row) => row % 50 == 0 ? null : [row % 3, row * 7 % 11 / 32f];

    private string After(string name, int[] order, int group) =>
        CompareFile.Write(folder[$"{name}.parquet"], group, ("id", Of(order, i => $"r{i}")), ("pred", Of(order, i => after[i])), ("probs", order.Select(i => probsAfter[i]).ToArray()));

    private byte[] Compare(IReadOnlyList<string> befores, IReadOnlyList<string> afters, int threads, string device, long? memory, string embedding = "none") => Bytes(new CompareOptions
    {
        Before = new ScanOptions { Inputs = befores, Device = device, Threads = threads, Memory = memory, Segments = ["weather", "weather*label"], Classes = Classes, Embedding = embedding, Clusters = 3 },
        After = afters,
        Scratch = folder.Root,
    });

    private static byte[] Bytes(CompareOptions options)
    {
        using MemoryStream stream = new();
        CompareOutcome outcome = Comparison.Run(options, null, default);
        CompareJson.Write(stream, outcome.Result);

        // Rows are numbers of BEFORE's order, so their ids and what was said of them tell whether they are the same.
        foreach (string flip in outcome.Flips.Select(f => $"{f.Kind} {f.Label} {f.Before} {f.After} {f.ConfidenceBefore} {f.ConfidenceAfter} {(options.After.Count > 0 && f.Id[0] == 'r' ? f.Id : "")}").Order(StringComparer.Ordinal))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(flip + "\n"));
        }

        return stream.ToArray();
    }
}
