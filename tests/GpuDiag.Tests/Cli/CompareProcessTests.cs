using System.Text.Json;
using GpuDiag.Tests.Analyses.Compare;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Cli;

/// <summary><c>gpudiag compare</c> from outside: what it matches, says, gates and refuses.</summary>
public sealed class CompareProcessTests : IDisposable
{
    private const int Rows = 600;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Compare_TellsWhatChangedAndLeavesItsFiles()
    {
        Tables();
        var run = Gpudiag.Run(folder.Root, "compare", "before.parquet", "after.parquet");
        Assert.Equal(0, run.Code);
        Assert.Contains("600 rows compared, 3 classes, multiclass", run.Text, StringComparison.Ordinal);
        Assert.Contains("AFTER is better", run.Text, StringComparison.Ordinal);
        Assert.Contains("segment weather=fog", run.Text, StringComparison.Ordinal);
        var summary = Summary();
        Assert.Equal("gpudiag/compare/1", summary.GetProperty("schema").GetString());
        Assert.Equal("id", summary.GetProperty("join").GetProperty("by").GetString());
        Assert.Equal("better", summary.GetProperty("verdict").GetString());
        Assert.Equal(1, summary.GetProperty("regression_count").GetInt32());
        Assert.Equal("weather=fog", summary.GetProperty("regressions")[0].GetProperty("group").GetString());
        foreach (string file in (string[])["classes.parquet", "segments.parquet", "run.json"])
            Assert.True(File.Exists(folder[$"gpudiag-compare/{file}"]), file);
    }

    [Theory]
    [InlineData("delta.accuracy.low>=-0.002", 0)]
    [InlineData("delta.accuracy.low>=0.9", 1)]
    [InlineData("regressions==0", 1)]
    [InlineData("regressions<=1", 0)]
    [InlineData("segments[weather=fog].delta.accuracy.high<0", 0)]
    [InlineData("classes[cat].delta.recall>=-1", 0)]
    [InlineData("metrics.accuracy.after>0.5", 0)]
    [InlineData("mcnemar.p_value<=0.05", 0)]
    [InlineData("delta.nothing>0", 1)]
    public void Gates_DecideTheExitCode(string gate, int code)
    {
        Tables();
        var run = Gpudiag.Run(folder.Root, "compare", "before.parquet", "after.parquet", "--gate", gate);
        Assert.Equal(code, run.Code);
        Assert.Contains(code == 0 ? $"gate passed: {gate}" : $"gate FAILED: {gate}", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_ComeFromAConfiguration()
    {
        Tables();
        File.WriteAllText(folder["c.toml"], "data = [\"before.parquet\", \"after.parquet\"]\nmargin = 0.2\nsegment = [\"none\"]\nformat = \"json\"\n");
        var run = Gpudiag.Run(folder.Root, "compare", "--config", "c.toml");
        Assert.Equal(0, run.Code);
        var summary = JsonDocument.Parse(run.Text).RootElement;
        Assert.Equal(0.2, summary.GetProperty("margin").GetDouble());
        Assert.Equal(0, summary.GetProperty("segment_count").GetInt32());
    }

    [Fact]
    public void Rows_ThatDoNotMatchAreCountedAndSaid()
    {
        Before();
        // Ids 0 … 2 are missing, 3 is there twice, one is null, and five are new.
        int?[] ids = [.. Enumerable.Range(3, Rows - 3).Select(i => (int?)i), 3, null, 9001, 9002, 9003, 9004, 9005];
        CompareFile.Write(folder["after.parquet"], ("id", ids), ("pred", ids.Select(i => Class(i ?? 0)).ToArray()));
        var run = Gpudiag.Run(folder.Root, "compare", "before.parquet", "after.parquet");
        Assert.Equal(0, run.Code);
        Assert.Contains("Matched by id: 596 of 600 rows of BEFORE and 604 of AFTER", run.Text, StringComparison.Ordinal);
        Assert.Contains("3 of BEFORE whose id AFTER lacks", run.Text, StringComparison.Ordinal);
        var join = Summary().GetProperty("join");
        Assert.Equal([596, 3, 5, 1, 2, 0, 1], ((string[])["matched", "only_before", "only_after", "repeated_before", "repeated_after", "null_id_before", "null_id_after"]).Select(n => join.GetProperty(n).GetInt32()));
    }

    [Fact]
    public void Ids_AreOneAsNumbersAndAsText()
    {
        Before();
        CompareFile.Write(folder["after.parquet"], ("id", Ids().Select(i => $"{i}").ToArray()), ("pred", Ids().Select(Class).ToArray()));
        Assert.Contains("Matched by id: 600 of 600", Gpudiag.Run(folder.Root, "compare", "before.parquet", "after.parquet").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_LargerThanADoubleHoldsAreToldApart()
    {
        long[] ids = [.. Ids().Select(i => (1L << 60) + i)];
        CompareFile.Write(folder["b.parquet"], ("id", ids), ("label", Ids().Select(Class).ToArray()), ("pred", Ids().Select(Class).ToArray()));
        CompareFile.Write(folder["a.parquet"], ("id", ids.Reverse().ToArray()), ("pred", Ids().Select(i => Class(Rows - 1 - i)).ToArray()));
        Assert.Contains("Matched by id: 600 of 600", Gpudiag.Run(folder.Root, "compare", "b.parquet", "a.parquet").Text, StringComparison.Ordinal);
        Assert.Equal(600, Summary().GetProperty("table").GetProperty("both_right").GetInt32());
    }

    [Fact]
    public void Labels_ThatDisagreeAreLeftOutAndSaid()
    {
        Before();
        CompareFile.Write(folder["after.parquet"], ("id", Ids()), ("label", Ids().Select(i => Class(i < 7 ? i + 1 : i)).ToArray()), ("pred", Ids().Select(Class).ToArray()));
        var run = Gpudiag.Run(folder.Root, "compare", "before.parquet", "after.parquet");
        Assert.Contains("7 whose labels disagree", run.Text, StringComparison.Ordinal);
        Assert.Equal(593, Summary().GetProperty("rows").GetInt32());
    }

    [Fact]
    public void Classes_ThatOneSideAloneHasAreClasses()
    {
        Before();
        CompareFile.Write(folder["after.parquet"], ("id", Ids()), ("pred", Ids().Select(i => i < 50 ? "yak" : Class(i)).ToArray()));
        Assert.Equal(0, Gpudiag.Run(folder.Root, "compare", "before.parquet", "after.parquet").Code);
        Assert.Equal(["cat", "dog", "eel", "yak"], Summary().GetProperty("class_names").EnumerateArray().Select(c => c.GetString()));
    }

    [Fact]
    public void WhatIsWrong_IsSaidWithARemedy()
    {
        Tables();
        string[] classes = [.. Ids().Select(Class)];
        CompareFile.Write(folder["noid.parquet"], ("label", classes), ("pred", classes));
        CompareFile.Write(folder["shifted.parquet"], ("label", Ids().Select(i => Class(i + 1)).ToArray()), ("pred", classes));
        CompareFile.Write(folder["short.parquet"], ("label", classes[..9]), ("pred", classes[..9]));
        CompareFile.Write(folder["nolabel.parquet"], ("pred", classes));
        CompareFile.Write(folder["empty.parquet"], ("id", Array.Empty<int>()), ("label", Array.Empty<string>()), ("pred", Array.Empty<string>()));
        CompareFile.Write(folder["others.parquet"], ("id", Ids().Select(i => i + 5000).ToArray()), ("pred", classes));
        CompareFile.Write(folder["nopred.parquet"], ("id", Ids()), ("label", classes));
        CompareFile.Write(folder["floats.parquet"], ("id", Ids()), ("pred", Ids().Select(i => i + 0.5).ToArray()));
        CompareFile.Write(folder["nulls.parquet"], ("id", Ids()), ("pred", new string?[Rows]));
        Refused("no data is given", "compare");
        Refused("which of its columns are the predictions of which model", "compare", "before.parquet");
        Refused("which of its columns are the predictions of which model", "compare", "before.parquet", "--pred-before", "pred");
        Refused("is not said", "compare", "before.parquet", "after.parquet", "noid.parquet");
        Refused("asked for by --pred-after", "compare", "before.parquet", "after.parquet", "--pred-after", "guess");
        Refused("their labels differ in", "compare", "noid.parquet", "shifted.parquet");
        Refused("and there is no column of ids in both", "compare", "noid.parquet", "short.parquet");
        Refused("no labels in AFTER", "compare", "noid.parquet", "nolabel.parquet");
        Refused("there are no rows in AFTER", "compare", "before.parquet", "empty.parquet");
        Refused("there are no rows in BEFORE", "compare", "empty.parquet", "before.parquet");
        Refused("is that of one row of AFTER ('id', first '5000')", "compare", "before.parquet", "others.parquet");
        Refused("no column for the predicted class", "compare", "before.parquet", "nopred.parquet");
        CompareFile.Write(folder["lists.parquet"], ("id", Ids()), ("pred", Ids().Select(i => new float[] { i }).ToArray()));
        Refused("no column for the predicted class: 'pred' is list<float>", "compare", "before.parquet", "lists.parquet");
        Refused("which is no class", "compare", "before.parquet", "floats.parquet");
        Refused("no row is left to compare", "compare", "before.parquet", "nulls.parquet");
        Refused("no such file", "compare", "before.parquet", "gone.parquet");
        Refused("no such column", "compare", "before.parquet", "after.parquet", "--segment", "wether");
        Refused("no such column", "compare", "before.parquet", "after.parquet", "--confidence-after", "conf");
        Refused("--margin", "compare", "before.parquet", "after.parquet", "--margin", "2");
        File.WriteAllBytes(folder["cut.parquet"], File.ReadAllBytes(folder["after.parquet"])[..200]);
        Refused("cut.parquet", "compare", "before.parquet", "cut.parquet");
        Assert.False(Directory.Exists(folder["gpudiag-compare"]));
    }

    [Fact]
    public void Combinations_ThatBreakAreFoundWhereNoColumnAloneIs()
    {
        // Only foggy nights break, and as much is fixed elsewhere.
        int[] ids = [.. Enumerable.Range(0, 4000)];
        string[] classes = [.. ids.Select(Class)];
        bool Night(int i) => i / 2 % 2 == 0;
        bool Fog(int i) => i % 2 == 0;
        CompareFile.Write(
            folder["b.parquet"],
            ("id", ids),
            ("label", classes),
            ("pred", ids.Select(i => Class(i % 9 == 1 && !(Night(i) && Fog(i)) ? i + 1 : i)).ToArray()),
            ("weather", ids.Select(i => Fog(i) ? "fog" : "sun").ToArray()),
            ("time", ids.Select(i => Night(i) ? "night" : "day").ToArray()));
        CompareFile.Write(folder["a.parquet"], ("id", ids), ("pred", ids.Select(i => Class(Night(i) && Fog(i) && i % 3 == 0 ? i + 1 : i)).ToArray()));
        var run = Gpudiag.Run(folder.Root, "compare", "b.parquet", "a.parquet", "--slice-feature", "none", "--max-rows", "50");
        Assert.Equal(0, run.Code);
        var slice = Summary().GetProperty("slices")[0];
        Assert.Equal("weather=fog & time=night", slice.GetProperty("predicates").GetString());
        Assert.Equal("worse", slice.GetProperty("verdict").GetString());
        Assert.Equal(1000, slice.GetProperty("rows").GetInt32());
        Assert.Contains(Summary().GetProperty("regressions").EnumerateArray(), r => r.GetProperty("kind").GetString() == "slice");
        var flips = Table("flips.parquet", "kind", "row", "label", "before", "after");
        Assert.Equal(100, flips.Length); // Fifty broken and fifty fixed; none is still wrong.
        Assert.Equal(50, flips.Count(f => f[0] == "broken"));
        Assert.All(flips.Where(f => f[0] == "broken"), f => Assert.True(f[2] == f[3] && f[2] != f[4] && Night(int.Parse(f[1]!)) && Fog(int.Parse(f[1]!))));
        Assert.All(flips.Where(f => f[0] == "fixed"), f => Assert.True(f[2] == f[4] && f[2] != f[3]));
    }

    [Fact]
    public void Cases_AreHeldAgainstChanceAndNeighbours()
    {
        Tables();
        // Of BEFORE's 150 errors the first 60 are cases, of two causes; neighbours are the rows beside them.
        int[] wrong = [.. Ids().Where(i => i % 4 == 1).Take(60)];
        Directory.CreateDirectory(folder["scan"]);
        CompareFile.Write(
            folder["scan/rows.parquet"],
            ("row", wrong.Append(0).Select(i => (long)i).ToArray()),
            ("id", wrong.Append(0).Select(i => $"{i}").ToArray()),
            ("correct", wrong.Select(_ => (bool?)false).Append(true).ToArray()),
            ("cause", wrong.Append(0).Select(i => i % 8 == 1 ? "rare" : "ambiguous").ToArray()),
            ("cluster", wrong.Append(0).Select(i => (int?)(i % 3)).ToArray()));
        CompareFile.Write(
            folder["scan/neighbors.parquet"],
            ("query_row", wrong.Select(i => (long)i).ToArray()),
            ("neighbor_row", wrong.Select(i => (long)i + 1).ToArray()),
            ("neighbor", wrong.Select(i => $"{i + 1}").ToArray()),
            ("source", wrong.Select(_ => "data").ToArray()));
        var run = Gpudiag.Run(folder.Root, "compare", "before.parquet", "after.parquet", "--cases", "scan");
        Assert.Equal(0, run.Code);
        Assert.Contains("regression to the mean", run.Text, StringComparison.Ordinal);
        Assert.Contains("Honest estimate, on 60 neighbours", run.Text, StringComparison.Ordinal);
        var cases = Summary().GetProperty("cases");
        Assert.Equal(60, cases.GetProperty("compared").GetInt32());
        Assert.Equal(1, cases.GetProperty("fixed").GetProperty("value").GetDouble());
        Assert.Equal(90, cases.GetProperty("other_errors").GetInt32());
        Assert.Equal(60, cases.GetProperty("neighbors").GetProperty("rows").GetInt32());
        Assert.Equal(["ambiguous", "rare"], cases.GetProperty("causes").EnumerateArray().Select(c => c.GetProperty("cause").GetString()).Order());
        Assert.Equal(3, cases.GetProperty("clusters").GetArrayLength());
        Assert.Equal(5, Table("cases.parquet", "kind", "group").Length);

        // A table of ids alone: no causes, no neighbours, and that is said.
        CompareFile.Write(folder["cases.parquet"], ("id", wrong));
        run = Gpudiag.Run(folder.Root, "compare", "before.parquet", "after.parquet", "--cases", "cases.parquet");
        Assert.Contains("no neighbours of the cases to estimate honestly by", run.Text, StringComparison.Ordinal);
        Refused("none of the 2 cases is a row of BEFORE", "compare", "before.parquet", "after.parquet", "--cases", Strangers());
        Refused("no such file or folder", "compare", "before.parquet", "after.parquet", "--cases", "gone");
        Refused("to know the cases by", "compare", "before.parquet", "after.parquet", "--cases", Other());

        string Strangers() => CompareFile.Write(folder["strangers.parquet"], ("id", (string[])["x", "y"]));
        string Other() => CompareFile.Write(folder["other.parquet"], ("name", (string[])["x", "y"]));
    }

    private static int[] Ids() => [.. Enumerable.Range(0, Rows)];

    private static string Class(int i) => new[] { "cat", "dog", "eel" }[i % 3];

    private void Before() => CompareFile.Write(
        folder["before.parquet"],
        ("id", Ids()),
        ("label", Ids().Select(Class).ToArray()),
        ("pred", Ids().Select(i => Class(i % 4 == 1 ? i + 1 : i)).ToArray()),
        ("weather", Ids().Select(i => i % 5 == 0 ? "fog" : "sun").ToArray()));

    /// <summary>The model after is right everywhere but in a half of the fog.</summary>
    private void Tables()
    {
        Before();
        CompareFile.Write(folder["after.parquet"], ("id", Ids().Reverse().ToArray()), ("pred", Ids().Reverse().Select(i => Class(i % 10 == 0 ? i + 1 : i)).ToArray()));
    }

    private string?[][] Table(string name, params string[] columns)
    {
        using var data = GpuDiag.Columns.Dataset.Open([folder[$"gpudiag-compare/{name}"]]);
        GpuDiag.Columns.ColumnRequest[] requests = [.. columns.Select(c => new GpuDiag.Columns.ColumnRequest(c, GpuDiag.Columns.ColumnForm.Text))];
        using var batch = new GpuDiag.Columns.Batch(requests, 1000);
        using var reader = data.Open(requests);
        List<string?[]> lines = [];
        for (int chunk = 0; chunk < data.Chunks.Count; chunk++)
        {
            reader.Start(chunk);
            while (reader.Read(batch) > 0)
                lines.AddRange(Enumerable.Range(0, batch.Rows).Select(i => batch.Columns.Select(c => ((GpuDiag.Columns.TextColumn)c).Values[i]).ToArray()));
        }
        return [.. lines];
    }

    private JsonElement Summary() => JsonDocument.Parse(File.ReadAllText(folder["gpudiag-compare/summary.json"])).RootElement;

    private void Refused(string message, params string[] args)
    {
        var run = Gpudiag.Run(folder.Root, args);
        Assert.True(run.Code == 2, $"{string.Join(' ', args)}: {run.Code}\n{run.Text}{run.Errors}");
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.Equal("", run.Text);
    }
}
