using GpuDiag.Cli.Options;
using GpuDiag.Reports.Mining;

namespace GpuDiag.Cli.Commands;

/// <summary>What the command line of a loop means: words that its steps take over.</summary>
internal sealed record LoopRequest(
    IReadOnlyList<string> Test, IReadOnlyList<string> Train, IReadOnlyList<string> Pool, ulong Budget, IReadOnlyList<string> Labels, string Strategy, IReadOnlyList<string> Segments,
    string? C, IReadOnlyList<string> Common, string Out, bool Json, bool Quiet)
{
    /// <exception cref="InputException">Something is missing.</exception>
    public static LoopRequest From(OptionValues values, CommandSpec command)
    {
        if (values.Text("config") is string config)
            values.Underlay(ConfigFile.Read(config, command));
        foreach (string name in new[] { "test", "train", "pool" })
        {
            if (values.Texts(name).Count == 0)
                throw new InputException($"--{name} is not given", remedy: "Name all three: gpudiag loop --test test.parquet --train train.parquet --pool pool.parquet --budget 60");
        }
        if (values.Whole("budget") is not ulong budget)
            throw new InputException("no budget is given", remedy: "Say how many rows can be labelled: --budget 60");
        List<string> common = [];
        foreach (string name in new[] { "threads", "memory", "seed" })
        {
            if (values.Text(name) is string value)
                common.AddRange([$"--{name}", value]);
        }
        return new LoopRequest(
            values.Texts("test"), values.Texts("train"), values.Texts("pool"), budget, values.Texts("labels"), values.Text("strategy") ?? MineSummary.Strategies[0], values.Texts("segment"),
            values.Text("c"), common, values.Text("out") ?? "gpudiag-loop", values.Text("format") == "json", values.Flag("quiet"));
    }
}
