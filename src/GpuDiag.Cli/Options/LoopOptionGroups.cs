using GpuDiag.Reports.Mining;
using static GpuDiag.Cli.Options.OptionCatalog;

namespace GpuDiag.Cli.Options;

/// <summary>The options of <c>gpudiag loop</c>.</summary>
internal static class LoopOptionGroups
{
    public static OptionGroup Data { get; } = new("Data",
    [
        new("test", "DATA", "Labelled rows with the model's predictions and embeddings, to find failures in") { Repeatable = true },
        new("train", "DATA", "What the model was trained on, with embeddings") { Repeatable = true },
        new("pool", "DATA", "Unlabelled rows, with embeddings") { Repeatable = true },
        new("budget", "N", "Rows that can be labelled") { Kind = OptionKind.Whole, Min = 1, Max = int.MaxValue },
        new("labels", "DATA", "Labels by id, as they came back: tables or CSV; those of rows that were not mined are left alone") { Repeatable = true, Default = "none: the rows to label are told" },
        new("strategy", "NAME", $"By what rows are chosen: {string.Join(", ", MineSummary.Strategies)}") { Kind = OptionKind.Choice, Choices = MineSummary.Strategies, Default = MineSummary.Strategies[0] },
        new("segment", "COL", "Column to segment by; a*b crosses columns") { Repeatable = true, Default = "columns of few values" },
        new("c", "C", "Inverse strength of the heads' L2 penalty") { Default = "by cross-validation" },
    ]);

    public static OptionGroup Files { get; } = new("Results", [Out with { Default = "gpudiag-loop" }, Format, Quiet, Verbose]);

    public static OptionGroup Machinery { get; } = new("Machine",
    [
        Threads,
        Memory,
        new("seed", "N", "Seed of everything random; the same seed gives the same bytes") { Kind = OptionKind.Whole, Max = ulong.MaxValue, Default = "0" },
        Config,
        Help,
    ]);
}
