using System.Text.Json;
using GpuDiag.Tests.Analyses.Mining;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Cli;

/// <summary><c>gpudiag mine</c> from outside: a scan's failures, a table's failures, what is refused.</summary>
public sealed class MineProcessTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ScanThenMine_SharesTheBudgetAmongTheScansClusters()
    {
        Write();
        Assert.Equal(0, Gpudiag.Run(folder.Root, "scan", "test.parquet", "--device", "cpu", "--quiet", "--out", "scan").Code);
        var run = Gpudiag.Run(folder.Root, "mine", "--cases", "scan", "--pool", "pool.parquet", "--train", "train.parquet", "--budget", "20", "--export", "csv");
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Contains("20 of 300 rows to label next, by likeness to failures", run.Text, StringComparison.Ordinal);
        Assert.Contains("Failures: ", run.Text, StringComparison.Ordinal);
        Assert.Equal(["mined.csv", "mined.parquet", "report.html", "run.json", "summary.json"], Directory.GetFiles(folder["gpudiag-mine"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var summary = JsonDocument.Parse(File.ReadAllBytes(folder["gpudiag-mine/summary.json"]));
        var root = summary.RootElement;
        Assert.Equal("gpudiag/mine/1", root.GetProperty("schema").GetString());
        Assert.Equal(20, root.GetProperty("clusters").EnumerateArray().Sum(c => c.GetProperty("mined").GetInt32()));
        using var scanned = JsonDocument.Parse(File.ReadAllBytes(folder["scan/summary.json"]));
        var cases = root.GetProperty("cases");
        int listed = cases.GetProperty("failures").GetInt32() + cases.GetProperty("left_out").EnumerateObject().Sum(c => c.Value.GetInt32());
        Assert.Equal(scanned.RootElement.GetProperty("causes").GetProperty("errors").GetInt32(), listed);
        string[] lines = File.ReadAllLines(folder["gpudiag-mine/mined.csv"]);
        Assert.Equal("id,row,rank,label,pred,score,cluster,resembles,distance,reason", lines[0]);
        Assert.Equal(21, lines.Length);
        Assert.Contains("like failure t", lines[1], StringComparison.Ordinal);
        Assert.Contains("nearest in train: r", lines[1], StringComparison.Ordinal);

        // Without the CSV asked for, an earlier one does not stay behind as if it were of this run.
        Assert.Equal(0, Gpudiag.Run(folder.Root, "mine", "--pool", "pool.parquet", "--budget", "5", "--strategy", "random", "--quiet").Code);
        Assert.False(File.Exists(folder["gpudiag-mine/mined.csv"]));

        File.AppendAllText(folder["test.parquet"], " ");
        Refused("the file has changed since the scan", "--cases", "scan", "--pool", "pool.parquet", "--budget", "5");
        File.Delete(folder["test.parquet"]);
        Refused("it is not there any more", "--cases", "scan", "--pool", "pool.parquet", "--budget", "5");
        File.WriteAllText(folder["scan/run.json"], "{\"inputs\":");
        Refused("can't be read as what a scan leaves", "--cases", "scan", "--pool", "pool.parquet", "--budget", "5");
    }

    [Fact]
    public void WrongInput_SaysWhatToDo()
    {
        Write();
        var good = new ClassFile(20, 9, "g");
        good.Pred.CopyTo(good.Label, 0);
        good.Write(folder["good.parquet"], "id label pred embedding");
        EmbeddingFile.Write(folder["five.parquet"], EmbeddingFile.Vectors(30, 5));
        EmbeddingFile.Write(folder["twice.parquet"], EmbeddingFile.Vectors(3, 8), ["a", "a", "a"]);
        EmbeddingFile.Write(folder["null.parquet"], [null, null]);
        Refused("no pool is given", "--budget", "5");
        Refused("no budget is given", "--pool", "pool.parquet");
        Refused("no failures are given", "--pool", "pool.parquet", "--budget", "5");
        Refused("--budget: '0' is out of range", "--pool", "pool.parquet", "--budget", "0");
        Refused("the pool has 300 rows, the budget is 301", "--cases", "test.parquet", "--pool", "pool.parquet", "--budget", "301");
        Refused("five.parquet: column 'embedding': has vectors of 5 dimensions, but those of the pool in pool.parquet have 8", "--cases", "five.parquet", "--pool", "pool.parquet", "--budget", "5");
        Refused("five.parquet: column 'embedding': has vectors of 5 dimensions", "--cases", "test.parquet", "--pool", "pool.parquet", "--train", "five.parquet", "--budget", "5");
        Refused("five.parquet have 5", "--cases", "test.parquet", "--pool", "five.parquet", "--budget", "5");
        Refused("there is no failure to find more of", "--cases", "good.parquet", "--pool", "pool.parquet", "--budget", "5");
        Refused("the vector of every failure is null", "--cases", "null.parquet", "--pool", "pool.parquet", "--budget", "5");
        Refused("the pool has no probabilities", "--pool", "five.parquet", "--budget", "5", "--strategy", "margin");
        Refused("'best' is none of failures, random", "--pool", "pool.parquet", "--budget", "5", "--strategy", "best");
        Refused("there is no such column (asked for by --probs)", "--cases", "test.parquet", "--pool", "pool.parquet", "--budget", "5", "--probs", "p");
        Refused("the id 'a' is that of several rows", "--pool", "twice.parquet", "--budget", "3", "--strategy", "random");
        Refused("no such file", "--cases", "absent.parquet", "--pool", "pool.parquet", "--budget", "5");
        Refused("'pool.parquet' is not expected: gpudiag mine takes options only", "pool.parquet", "--budget", "5");
        File.WriteAllBytes(folder["cut.parquet"], File.ReadAllBytes(folder["pool.parquet"])[..900]);
        Refused("cut.parquet", "--cases", "test.parquet", "--pool", "cut.parquet", "--budget", "5");
        Assert.False(Directory.Exists(folder["gpudiag-mine"]));
    }

    [Fact]
    public void LabellingTools_GetWhatTheyImport()
    {
        Write();
        string[] mine = ["mine", "--pool", "pool.parquet", "--budget", "3", "--strategy", "margin", "--export", "labelbox", "--export", "labelstudio"];
        var run = Gpudiag.Run(folder.Root, [.. mine, "--url", "https://example.com/{id}.png"]);
        Assert.Equal((0, ""), (run.Code, run.Errors));
        using var rows = JsonDocument.Parse(File.ReadAllBytes(folder["gpudiag-mine/labelbox.json"]));
        Assert.Equal(3, rows.RootElement.GetArrayLength());
        var row = rows.RootElement[0];
        Assert.Equal(["row_data", "global_key", "media_type", "attachments"], row.EnumerateObject().Select(p => p.Name));
        string id = row.GetProperty("global_key").GetString()!;
        Assert.Equal(($"https://example.com/{id}.png", "IMAGE"), (row.GetProperty("row_data").GetString(), row.GetProperty("media_type").GetString()));
        var attachment = row.GetProperty("attachments")[0];
        Assert.Equal("RAW_TEXT", attachment.GetProperty("type").GetString());
        Assert.Contains("margin", attachment.GetProperty("value").GetString(), StringComparison.Ordinal);
        using var tasks = JsonDocument.Parse(File.ReadAllBytes(folder["gpudiag-mine/labelstudio.json"]));
        var task = tasks.RootElement[0];
        Assert.Equal((3, id, $"https://example.com/{id}.png"), (tasks.RootElement.GetArrayLength(), task.GetProperty("data").GetProperty("id").GetString(), task.GetProperty("data").GetProperty("image").GetString()));
        Assert.Contains(task.GetProperty("predictions")[0].GetProperty("result")[0].GetProperty("value").GetProperty("choices")[0].GetString(), ClassFile.Classes);

        // The pool's texts: here the ids, which hold text too.
        Assert.Equal(0, Gpudiag.Run(folder.Root, [.. mine, "--text", "id", "--quiet"]).Code);
        using var texts = JsonDocument.Parse(File.ReadAllBytes(folder["gpudiag-mine/labelbox.json"]));
        Assert.Equal((id, "TEXT"), (texts.RootElement[0].GetProperty("row_data").GetString(), texts.RootElement[0].GetProperty("media_type").GetString()));
        Refused("has neither an image nor a text", mine[1..]);
        Refused("has no {id} in it", [.. mine[1..], "--url", "https://example.com/"]);
        Refused("there is no such column (asked for by --image)", [.. mine[1..], "--image", "none"]);
    }

    private void Write()
    {
        new ClassFile(120, 1, "t").Write(folder["test.parquet"], "id label pred probs embedding");
        new ClassFile(300, 2, "p").Write(folder["pool.parquet"], "id pred probs embedding");
        new ClassFile(80, 3, "r").Write(folder["train.parquet"], "id label embedding");
    }

    private void Refused(string says, params string[] args)
    {
        var run = Gpudiag.Run(folder.Root, ["mine", .. args]);
        Assert.Equal(2, run.Code);
        Assert.Contains(says, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }
}
