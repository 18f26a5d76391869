using System.Text.Json;
using GpuDiag.Tests.Analyses.Drift;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Cli;

/// <summary><c>gpudiag drift</c> with a reference that was saved, and over several datasets.</summary>
public sealed class SavedReferenceTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void SavedReference_GivesTheSameBytesAsItsData()
    {
        Write("a.parquet", 3000, 1, 0);
        Write("b.parquet", 2000, 2, 0.3);
        var saved = Gpudiag.Run(folder.Root, "drift", "a.parquet", "--save-reference", "kept/ref.state", "--segment", "city*owner");
        Assert.Equal(0, saved.Code);
        Assert.Contains("Saved 3,000 rows, 6 columns to compare, as kept/ref.state", saved.Text, StringComparison.Ordinal);
        byte[][] expected = Files("drift", "a.parquet", "b.parquet", "--segment", "city*owner", "--save-reference", "again.state");
        Assert.Equal(expected, Files("drift", "kept/ref.state", "b.parquet"));
        Assert.Equal(File.ReadAllBytes(folder["kept/ref.state"]), File.ReadAllBytes(folder["again.state"]));
        Assert.Contains("\"segmentation\": \"city*owner\"", File.ReadAllText(folder["gpudiag-drift/summary.json"]), StringComparison.Ordinal);
        Assert.Equal(0, Gpudiag.Run(folder.Root, "drift", "a.parquet", "b.parquet", "--segment", "city*owner", "--save-reference", "gpudiag-drift/own.state").Code);
        Assert.Equal(File.ReadAllBytes(folder["kept/ref.state"]), File.ReadAllBytes(folder["gpudiag-drift/own.state"]));
        File.Delete(folder["gpudiag-drift/own.state"]);
        File.Delete(folder["a.parquet"]);
        Assert.Equal(expected, Files("drift", "kept/ref.state", "b.parquet", "--threads", "1"));
    }

    [Fact]
    public void References_Merge_WhetherSavedOrNot()
    {
        Write("a.parquet", 1000, 1, 0);
        Write("b.parquet", 700, 2, 0);
        Write("now.parquet", 900, 3, 0.4);
        Directory.CreateDirectory(folder["both"]);
        File.Copy(folder["a.parquet"], folder["both/a.parquet"]);
        File.Copy(folder["b.parquet"], folder["both/b.parquet"]);
        byte[][] expected = Files("drift", "both", "now.parquet", "--save-reference", "both.state");
        Assert.Equal(0, Gpudiag.Run(folder.Root, "drift", "a.parquet", "--save-reference", "a.state").Code);
        Assert.Equal(0, Gpudiag.Run(folder.Root, "drift", "b.parquet", "--save-reference", "b.state", "--quiet").Code);
        Assert.Equal(expected, Files("drift", "a.state", "now.parquet", "--reference", "b.state"));
        Assert.Equal(expected, Files("drift", "b.state", "now.parquet", "--reference", "a.parquet"));
        Assert.Equal(0, Gpudiag.Run(folder.Root, "drift", "a.state", "--reference", "b.state", "--save-reference", "merged.state").Code);
        Assert.Equal(File.ReadAllBytes(folder["both.state"]), File.ReadAllBytes(folder["merged.state"]));
        Assert.Equal(0, Gpudiag.Run(folder.Root, "drift", "now.parquet", "--save-reference", "now.state").Code);
        Assert.Equal(expected, Files("drift", "both.state", "now.state"));
    }

    [Fact]
    public void MoreDatasets_AreASeries()
    {
        Write("a.parquet", 2000, 1, 0);
        for (int i = 0; i < 4; i++)
        {
            Write($"d{i}.parquet", 1500, 10 + i, 0.2 * i);
        }

        var run = Gpudiag.Run(folder.Root, "drift", "a.parquet", "d0.parquet", "d1.parquet", "d2.parquet", "d3.parquet", "--device", "cpu", "--gate", "series[4].drifted_columns>0");
        Assert.Equal(0, run.Code);
        Assert.All(run.Text.Split('\n'), line => Assert.True(line.Length <= 100, line));
        Assert.Contains("1,500 rows in the last of 4 datasets", run.Text, StringComparison.Ordinal);
        JsonElement summary = JsonDocument.Parse(File.ReadAllText(folder["gpudiag-drift/summary.json"])).RootElement;
        JsonElement[] series = [.. summary.GetProperty("series").EnumerateArray()];
        Assert.Equal([1, 2, 3, 4], series.Select(s => s.GetProperty("dataset").GetInt32()));
        double[] effects = [.. series.Select(s => s.GetProperty("columns").EnumerateArray().First(c => c.GetProperty("column").GetString() == "income").GetProperty("effect").GetDouble())];
        Assert.Equal(effects.Order(), effects);
        Assert.DoesNotContain(series[0].GetProperty("columns").EnumerateArray(), c => c.GetProperty("drifted").GetBoolean());
        // The last is told in full, as if it were alone.
        string[] full = ["columns", "decomposition", "accuracy", "kind", "evidence"];
        Assert.Equal(0, Gpudiag.Run(folder.Root, "drift", "a.parquet", "d3.parquet", "--quiet").Code);
        JsonElement alone = JsonDocument.Parse(File.ReadAllText(folder["gpudiag-drift/summary.json"])).RootElement;
        Assert.All(full, name => Assert.Equal(alone.GetProperty(name).GetRawText(), summary.GetProperty(name).GetRawText()));
    }

    [Fact]
    public void DamagedAndForeignStates_AreRefused()
    {
        Write("a.parquet", 300, 1, 0);
        Write("b.parquet", 300, 2, 0);
        Assert.Equal(0, Gpudiag.Run(folder.Root, "drift", "a.parquet", "--save-reference", "ref.state", "--quiet").Code);
        byte[] whole = File.ReadAllBytes(folder["ref.state"]);
        File.WriteAllBytes(folder["cut.state"], whole[..(whole.Length - 5)]);
        byte[] flipped = [.. whole];
        flipped[^20] ^= 4;
        File.WriteAllBytes(folder["flipped.state"], flipped);
        byte[] later = [.. whole];
        later[20] = 9;
        File.WriteAllBytes(folder["later.state"], later);
        File.WriteAllBytes(folder["short.state"], whole[..30]);
        Refused("cut.state: is a saved state that is damaged", "cut.state", "b.parquet");
        Refused("flipped.state: is a saved state that is damaged", "flipped.state", "b.parquet");
        Refused("short.state: is a saved state that is damaged", "short.state", "b.parquet");
        Refused("is a saved state of version 9, and this program reads version 3", "later.state", "b.parquet");
        Refused("--label is settled by the saved reference", "ref.state", "b.parquet", "--label", "pred");
        Refused("only the reference is given", "a.parquet");
        Refused("--gate is given, but nothing to compare", "a.parquet", "--save-reference", "x.state", "--gate", "drifted_columns==0");
        Refused("names no file", "a.parquet", "--save-reference", "kept/");
        DriftFile.Write(folder["other.parquet"], 1, ("income", new double[] { 1, 2 }));
        Refused("has other columns, segments or bins than the reference", "ref.state", "b.parquet", "--reference", "other.parquet");
        Assert.False(File.Exists(folder["x.state"]));
    }

    private void Write(string name, int rows, int seed, double shift)
    {
        Random random = new(seed);
        string[] classes = ["cat", "dog", "fox"], cities = ["Aix", "Bonn", "Cork", "Delft"];
        string[] label = new string[rows], pred = new string[rows], city = new string[rows];
        float[] confidence = new float[rows];
        double[] income = new double[rows];
        bool[] owner = new bool[rows];
        for (int i = 0; i < rows; i++)
        {
            label[i] = classes[random.Next(3)];
            city[i] = cities[random.NextDouble() < shift ? 3 : random.Next(4)];
            pred[i] = random.NextDouble() < (city[i] == "Delft" ? 0.6 : 0.9) ? label[i] : classes[random.Next(3)];
            confidence[i] = (float)(0.5 + (random.NextDouble() / 2));
            income[i] = random.NextDouble() + shift;
            owner[i] = random.Next(3) == 0;
        }

        DriftFile.Write(folder[name], 2, ("label", label), ("pred", pred), ("confidence", confidence), ("city", city), ("income", income), ("owner", owner));
    }

    private byte[][] Files(params string[] args)
    {
        var run = Gpudiag.Run(folder.Root, [.. args, "--device", "cpu"]);
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
