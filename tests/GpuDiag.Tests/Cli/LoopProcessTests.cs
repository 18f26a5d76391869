using System.Text.Json;
using GpuDiag.Tests.Analyses.Mining;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Cli;

/// <summary><c>gpudiag loop</c> from outside: what to label, and what came of it.</summary>
public sealed class LoopProcessTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Loop_TellsWhatToLabelThenWhatCameOfIt()
    {
        ClassFile pool = new(200, 2, "p");
        new ClassFile(120, 1, "t").Write(folder["test.parquet"], "id label pred probs embedding");
        pool.Write(folder["pool.parquet"], "id pred probs embedding");
        new ClassFile(60, 3, "r").Write(folder["train.parquet"], "id label embedding");
        string[] loop = ["loop", "--test", "test.parquet", "--train", "train.parquet", "--pool", "pool.parquet", "--budget", "20", "--c", "1"];
        var first = Gpudiag.Run(folder.Root, loop);
        Assert.Equal(0, first.Code);
        Assert.Contains("20 rows to label next, chosen by failures", first.Text, StringComparison.Ordinal);
        Assert.Contains("--labels gpudiag-loop/mine/mined.csv", first.Text, StringComparison.Ordinal);
        Assert.Contains("gpudiag mine --cases gpudiag-loop/scan", first.Errors, StringComparison.Ordinal);

        // As a labelling team would fill it: all but one line.
        string[] lines = File.ReadAllLines(folder["gpudiag-loop/mine/mined.csv"]);
        Dictionary<string, string> answers = pool.Id.Zip(pool.Label).ToDictionary(p => p.First, p => p.Second);
        File.WriteAllLines(folder["back.csv"], lines.Select((line, i) =>
        {
            string[] parts = line.Split(',', 5);
            return i is 0 or 5 ? line : $"{parts[0]},{parts[1]},{parts[2]},\"{answers[parts[0]]}\",{parts[4]}";
        }));
        var second = Gpudiag.Run(folder.Root, [.. loop, "--labels", "back.csv", "--format", "json"]);
        Assert.Equal(0, second.Code);
        using var story = JsonDocument.Parse(second.Text);
        var root = story.RootElement;
        Assert.Equal(("gpudiag/loop/1", 20, 19), (root.GetProperty("schema").GetString(), root.GetProperty("mined").GetInt32(), root.GetProperty("labelled").GetInt32()));
        using var head = JsonDocument.Parse(File.ReadAllBytes(folder["gpudiag-loop/head/summary.json"]));
        Assert.Equal((19, 1), (head.RootElement.GetProperty("new_rows").GetInt32(), head.RootElement.GetProperty("unlabelled").GetInt32()));
        Assert.Equal(
            head.RootElement.GetProperty("test").GetProperty("accuracy").GetProperty("value").GetDouble(),
            root.GetProperty("accuracy")[2].GetProperty("accuracy").GetProperty("value").GetDouble());
        Assert.Equal(File.ReadAllText(folder["gpudiag-loop/loop.json"]), second.Text);
        Assert.Contains("\"mined\":20,\"labelled\":19", File.ReadAllText(folder["gpudiag-loop/story.html"]), StringComparison.Ordinal);

        byte[] told = File.ReadAllBytes(folder["gpudiag-loop/story.html"]);
        File.Delete(folder["gpudiag-loop/story.html"]);
        var rebuilt = Gpudiag.Run(folder.Root, "report", "gpudiag-loop");
        Assert.Equal((0, "gpudiag-loop/story.html\n", ""), (rebuilt.Code, rebuilt.Text.Replace('\\', '/'), rebuilt.Errors));
        Assert.Equal(told, File.ReadAllBytes(folder["gpudiag-loop/story.html"]));

        File.WriteAllText(folder["others.csv"], "id,label\nnobody,cat\n");
        Refused("none of the labels is of a row that was mined", [.. loop, "--labels", "others.csv"]);
        File.WriteAllText(folder["open.csv"], "id,label\n\"p0001,cat\n");
        Refused("a quoted field has no end", [.. loop, "--labels", "open.csv"]);
        File.WriteAllText(folder["ragged.csv"], "id,label\np0001,cat,more\n");
        Refused("row 1 has 3 fields where the first line names 2", [.. loop, "--labels", "ragged.csv"]);
        Refused("the budget is 300", [.. loop[..7], "--budget", "300"]);
        Refused("--pool is not given", ["loop", "--test", "test.parquet", "--train", "train.parquet"]);
    }

    [Fact]
    public void Demo_ClosesTheLoop()
    {
        var run = Gpudiag.Run(folder.Root, "demo", "--loop");
        Assert.Equal(0, run.Code);
        Assert.Contains("60 of 60 mined rows are labelled", run.Text, StringComparison.Ordinal);
        using var story = JsonDocument.Parse(File.ReadAllBytes(folder["gpudiag-demo/loop/loop.json"]));
        double Accuracy(int of) => story.RootElement.GetProperty("accuracy")[of].GetProperty("accuracy").GetProperty("value").GetDouble();
        Assert.InRange(Accuracy(2), Accuracy(1) + 0.02, 1);
    }

    private void Refused(string says, string[] args)
    {
        var run = Gpudiag.Run(folder.Root, args);
        Assert.Equal(2, run.Code);
        Assert.Contains(says, run.Errors, StringComparison.Ordinal);
    }
}
