using System.Text.Json.Nodes;
using GpuDiag.Tests.Cli;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Faults;

/// <summary>Files that turn out to be unreadable in the midst of reading, in drift and compare: with <c>--on-error skip</c> the result is that of the others.</summary>
public sealed class QuarantineTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Drift_LeavesThemOut()
    {
        Files("current", 300, 350, 420);
        PredictionFile.Write(folder.Root, "reference.parquet");
        Damage("current/1.parquet");
        Damage("current/2.parquet");
        Same("drift", ["drift", "reference.parquet"], "current", "current/0.parquet", 2);
    }

    [Fact]
    public void Compare_LeavesThemOut()
    {
        Files("after", 300, 350);
        PredictionFile.Write(folder.Root, "before.parquet");
        Damage("after/1.parquet");
        Same("compare", ["compare", "before.parquet"], "after", "after/0.parquet", 1);
    }

    /// <summary>Skipping in a folder gives what its readable file gives alone, and code 4; without it the run ends with the file named.</summary>
    private void Same(string command, string[] args, string whole, string readable, int skipped)
    {
        var refused = Gpudiag.Run(folder.Root, [.. args, whole, "--device", "cpu", "--out", "refused"]);
        Assert.Equal(2, refused.Code);
        Assert.Contains("1.parquet", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(0, Gpudiag.Run(folder.Root, [.. args, readable, "--device", "cpu", "--out", "expected"]).Code);
        var run = Gpudiag.Run(folder.Root, [.. args, whole, "--device", "cpu", "--on-error", "skip", "--out", "skipped"]);
        Assert.Equal(4, run.Code);
        Assert.Equal(Summary("expected"), Summary("skipped"));
        JsonNode info = JsonNode.Parse(File.ReadAllText(folder["skipped/run.json"]))!;
        Assert.Equal(skipped, info["skipped"]!.AsArray().Count);
        Assert.Contains(command, info["command"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private string Summary(string name)
    {
        JsonObject summary = JsonNode.Parse(File.ReadAllText(folder[$"{name}/summary.json"]))!.AsObject();
        Assert.True(summary.Remove("provenance"));
        return summary.ToJsonString();
    }

    private void Files(string name, params int[] rows)
    {
        Directory.CreateDirectory(folder[name]);
        for (int i = 0; i < rows.Length; i++)
        {
            PredictionFile.Write(folder[name], $"{i}.parquet", rows[i]);
        }
    }

    /// <summary>A page that is no page: found only when rows are read.</summary>
    private void Damage(string name)
    {
        byte[] bytes = File.ReadAllBytes(folder[name]);
        bytes.AsSpan(4, 60).Clear();
        File.WriteAllBytes(folder[name], bytes);
    }
}
