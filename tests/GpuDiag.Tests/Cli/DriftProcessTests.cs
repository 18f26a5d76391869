using System.Text.Json;
using GpuDiag.Tests.Analyses.Drift;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Cli;

/// <summary><c>gpudiag drift</c> from outside: what it finds, and what is refused.</summary>
public sealed class DriftProcessTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void PlantedShifts_AreFound_AndNothingElse()
    {
        DriftFile.Write(folder["a.parquet"], 3, Columns(4000, 1, 0));
        DriftFile.Write(folder["b.parquet"], 2, Columns(3000, 2, 1));
        var run = Gpudiag.Run(folder.Root, "drift", "a.parquet", "b.parquet", "--device", "cpu");
        Assert.Equal(0, run.Code);
        JsonElement summary = Summary();
        Assert.Equal("gpudiag/drift/1", summary.GetProperty("schema").GetString());
        Assert.Equal(["city", "income", "text", "gaps"], Drifted(summary));
        Assert.Equal("numeric", Column(summary, "income").GetProperty("kind").GetString());
        Assert.Equal("categorical", Column(summary, "doors").GetProperty("kind").GetString());
        Assert.Equal("text_length", Column(summary, "text").GetProperty("kind").GetString());
        Assert.Equal("label", Column(summary, "label").GetProperty("kind").GetString());
        Assert.Equal("prediction", Column(summary, "pred").GetProperty("kind").GetString());
        Assert.Equal("confidence", Column(summary, "confidence").GetProperty("kind").GetString());
        Assert.True(Column(summary, "gaps").GetProperty("missing").GetProperty("drifted").GetBoolean());
        Assert.Equal("""[{"column":"id","reason":"ids differ by nature"}]""", JsonSerializer.Serialize(summary.GetProperty("not_compared")));
        Assert.Contains("4 of 9 columns drifted", run.Text, StringComparison.Ordinal);
        Assert.Contains("missing in 1.0 % → 20.0 % of the rows", run.Text, StringComparison.Ordinal);
        Assert.All(run.Text.Split('\n'), line => Assert.True(line.Length <= 100, line));
        Assert.Equal(run.Text.Contains("columns.parquet", StringComparison.Ordinal), File.Exists(folder["gpudiag-drift/columns.parquet"]));
    }

    [Fact]
    public void AnySplitOrderAndThreads_GiveTheSameBytes()
    {
        (string Name, Array Values)[] a = Columns(3000, 1, 0), b = Columns(2000, 2, 1);
        DriftFile.Write(folder["a.parquet"], 1, a);
        DriftFile.Write(folder["b.parquet"], 1, b);
        int[] order = [.. Enumerable.Range(0, 3000)];
        new Random(3).Shuffle(order);
        Directory.CreateDirectory(folder["parts"]);
        DriftFile.Write(folder["parts/1.parquet"], 4, DriftFile.Rows(a, order[..700]));
        DriftFile.Write(folder["parts/2.parquet"], 3, DriftFile.Rows(a, order[700..]));
        byte[][] expected = Files("drift", "a.parquet", "b.parquet", "--device", "cpu", "--threads", "1");
        Assert.Equal(expected, Files("drift", "parts", "b.parquet", "--device", "cpu", "--threads", "3"));
        Assert.Equal(expected, Files("drift", "parts/*.parquet", "b.parquet", "--device", "simulator", "--memory", "16M"));
    }

    [Fact]
    public void Gates_AndConfig_AndFormat()
    {
        DriftFile.Write(folder["a.parquet"], 1, Columns(2000, 1, 0));
        DriftFile.Write(folder["b.parquet"], 1, Columns(2000, 2, 1));
        File.WriteAllText(folder["c.toml"], "data = [\"a.parquet\", \"b.parquet\"]\nignore = [\"income\", \"city\", \"t*\"]\neffect = 0.3\ngate = \"drifted_columns==0\"\n");
        var passed = Gpudiag.Run(folder.Root, "drift", "--config", "c.toml", "--device", "cpu", "--format", "json");
        Assert.Equal(0, passed.Code);
        Assert.Equal(File.ReadAllText(folder["gpudiag-drift/summary.json"]), passed.Text);
        Assert.Contains("gate passed: drifted_columns==0  (it is 0)", passed.Errors, StringComparison.Ordinal);
        var failed = Gpudiag.Run(folder.Root, "drift", "a.parquet", "b.parquet", "--quiet", "--gate", "columns[income].effect<0.2", "--gate", "columns[income].drifted==0", "--gate", "columns[nosuch].effect<1", "--gate", "columns[doors].missing.current==0");
        Assert.Equal((1, ""), (failed.Code, failed.Text));
        Assert.Equal(3, failed.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("gate FAILED: columns[income].drifted==0  (it is 1)", failed.Errors, StringComparison.Ordinal);
        Assert.Contains("there is no columns[nosuch] in this data", failed.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void ColumnsOfOneSideOnly_OrOfAnotherType_AreNamedWithTheReason()
    {
        DriftFile.Write(folder["a.parquet"], 1, ("x", new double[] { 1, 2, 3.5 }), ("gone", new double[] { 1, 2, 3 }), ("typed", new string[] { "a", "b", "c" }), ("when", new DateTime[3]), ("raw", new byte[][] { [1], [2], [3] }), ("nothing", new double?[] { null, null, null }));
        DriftFile.Write(folder["b.parquet"], 1, ("x", new float[] { 1, 2, 9 }), ("typed", new double[] { 1, 2, 3 }), ("new", new double[] { 1, 2, 3 }), ("when", new DateTime[3]), ("raw", new byte[][] { [1], [2], [3] }), ("nothing", new double?[] { 1.5, 2, 2.5 }));
        var run = Gpudiag.Run(folder.Root, "drift", "a.parquet", "b.parquet", "--device", "cpu");
        Assert.Equal(0, run.Code);
        JsonElement summary = Summary();
        Assert.Equal(["gone", "new", "raw", "typed", "when"], summary.GetProperty("not_compared").EnumerateArray().Select(c => c.GetProperty("column").GetString()));
        Assert.Contains("gone (is missing in the current data)", run.Text, StringComparison.Ordinal);
        Assert.Contains("new (is missing in the reference)", run.Text, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, Column(summary, "nothing").GetProperty("method").ValueKind);
        Assert.Equal(3, Column(summary, "nothing").GetProperty("missing").GetProperty("reference").GetInt32());
        Refused("there is no such column here, but in the reference (asked for by --column)", "a.parquet", "b.parquet", "--column", "gone");
        Refused("b.parquet: column 'typed': is double here, which cannot be compared", "a.parquet", "b.parquet", "--column", "typed");
    }

    [Fact]
    public void NullsNanAndInfinities_AreCountedAndSetAside()
    {
        double?[] values = [1, 2, null, double.NaN, double.PositiveInfinity, 3.5];
        DriftFile.Write(folder["a.parquet"], 2, ("x", values), ("b", new bool[6]));
        DriftFile.Write(folder["b.parquet"], 1, ("x", new double?[] { 1, 2, 3.5 }), ("b", new bool[3]));
        Assert.Equal(0, Gpudiag.Run(folder.Root, "drift", "a.parquet", "b.parquet").Code);
        JsonElement x = Column(Summary(), "x");
        Assert.Equal((3, 1), (x.GetProperty("reference").GetProperty("values").GetInt32(), x.GetProperty("reference").GetProperty("infinite").GetInt32()));
        Assert.Equal(2, x.GetProperty("missing").GetProperty("reference").GetInt32());
        Assert.Equal((0, 1), (x.GetProperty("statistic").GetDouble(), x.GetProperty("p_value").GetDouble()));
    }

    [Fact]
    public void TooManyValues_AreNotComparedByValue_AndSaid()
    {
        string[] texts = [.. Enumerable.Range(0, 70_000).Select(i => $"u{i}")];
        DriftFile.Write(folder["a.parquet"], 2, ("u", texts), ("x", new double[70_000]));
        DriftFile.Write(folder["b.parquet"], 1, ("u", texts[..100]), ("x", new double[100]));
        var run = Gpudiag.Run(folder.Root, "drift", "a.parquet", "b.parquet");
        Assert.Contains("u (has more than 65,536 values; --text compares the lengths of texts)", run.Text.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(0, Gpudiag.Run(folder.Root, "drift", "a.parquet", "b.parquet", "--text", "u").Code);
        Assert.Equal("text_length", Column(Summary(), "u").GetProperty("kind").GetString());
    }

    [Fact]
    public void WrongInput_SaysWhatToDo()
    {
        DriftFile.Write(folder["a.parquet"], 1, Columns(50, 1, 0));
        DriftFile.Write(folder["none.parquet"], 1, Columns(0, 1, 0));
        DriftFile.Write(folder["other.parquet"], 1, ("z", new double[] { 1 }));
        DriftFile.Write(folder["bytes.parquet"], 1, ("raw", new byte[][] { [1] }));
        byte[] whole = File.ReadAllBytes(folder["a.parquet"]);
        File.WriteAllBytes(folder["cut.parquet"], whole[..(whole.Length / 2)]);
        Refused("no data is given");
        Refused("only the reference is given", "a.parquet");
        Refused("none.parquet: there are no rows", "a.parquet", "none.parquet");
        Refused("none.parquet: there are no rows", "none.parquet", "a.parquet");
        Refused("has no column that the reference has", "a.parquet", "other.parquet");
        Refused("no column can be compared", "bytes.parquet", "bytes.parquet");
        Refused("cut.parquet: ", "a.parquet", "cut.parquet");
        Refused("no such file", "a.parquet", "absent.parquet");
        Refused("there is no such column (asked for by --column)", "a.parquet", "a.parquet", "--column", "nosuch*");
        Refused("there is no such column (asked for by --label)", "a.parquet", "a.parquet", "--label", "nosuch");
        Refused("is double, which cannot be compared by value", "a.parquet", "a.parquet", "--categorical", "income");
        Refused("was given two roles", "a.parquet", "a.parquet", "--label", "pred", "--pred", "pred");
        Refused("--effect: 'much' is not a number", "a.parquet", "a.parquet", "--effect", "much");
        Refused("--alpha: '2' is not a number from 0 to 1", "a.parquet", "a.parquet", "--alpha", "2");
        Assert.False(Directory.Exists(folder["gpudiag-drift"]));
    }

    /// <summary>Ten columns; with a shift, income, city, text and the gaps differ.</summary>
    private static (string Name, Array Values)[] Columns(int rows, int seed, double shift)
    {
        Random random = new(seed);
        string[] classes = ["cat", "dog", "fox"], cities = ["Aix", "Bonn", "Cork", "Delft"];
        T[] Make<T>(Func<int, T> value) => [.. Enumerable.Range(0, rows).Select(value)];
        return
        [
            ("id", Make(i => (seed * 100_000) + i)),
            ("label", Make(_ => classes[random.Next(3)])),
            ("pred", Make(_ => classes[random.Next(3)])),
            ("confidence", Make(_ => (float)(0.5 + (random.NextDouble() / 2)))),
            ("city", Make(_ => cities[random.Next(shift > 0 ? 2 : 0, 4)])),
            ("doors", Make(_ => random.Next(2, 6))),
            ("income", Make(_ => (3000 * random.NextDouble()) + (900 * shift))),
            ("text", Make(_ => new string('é', random.Next(10, 40) + (int)(8 * shift)))),
            ("gaps", Make<double?>(i => i % 100 < (shift > 0 ? 20 : 1) ? null : random.NextDouble())),
            ("owner", Make(_ => random.Next(2) == 0)),
        ];
    }

    private static JsonElement Column(JsonElement summary, string name) =>
        summary.GetProperty("columns").EnumerateArray().Single(c => c.GetProperty("column").GetString() == name);

    private static IEnumerable<string?> Drifted(JsonElement summary) =>
        summary.GetProperty("columns").EnumerateArray().Where(c => c.GetProperty("drifted").GetBoolean()).Select(c => c.GetProperty("column").GetString());

    private JsonElement Summary() => JsonDocument.Parse(File.ReadAllText(folder["gpudiag-drift/summary.json"])).RootElement;

    private byte[][] Files(params string[] args)
    {
        var run = Gpudiag.Run(folder.Root, args);
        Assert.Equal(0, run.Code);
        return [.. Directory.GetFiles(folder["gpudiag-drift"]).Where(f => Path.GetFileName(f) != "run.json").Order(StringComparer.Ordinal).Select(WrittenFiles.WithoutProvenance)];
    }

    private void Refused(string message, params string[] args)
    {
        var run = Gpudiag.Run(folder.Root, ["drift", .. args]);
        Assert.Equal((2, ""), (run.Code, run.Text));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.Contains("\n  ", run.Errors, StringComparison.Ordinal);
    }
}
