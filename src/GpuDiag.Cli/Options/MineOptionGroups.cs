using GpuDiag.Reports.Mining;
using static GpuDiag.Cli.Options.OptionCatalog;

namespace GpuDiag.Cli.Options;

/// <summary>The options of <c>gpudiag mine</c>.</summary>
internal static class MineOptionGroups
{
    public static OptionGroup Data { get; } = new("Data",
    [
        new("pool", "DATA", "Unlabelled rows: files, globs or directories") { Repeatable = true },
        new("budget", "N", "Rows to choose, at most as many as the pool has") { Kind = OptionKind.Whole, Min = 1, Max = int.MaxValue },
        new("cases", "DIR|DATA", "The failures: folder of a scan, or tables of predictions, of which rows with another label than prediction are failures; without these columns all rows") { Repeatable = true },
        new("train", "DATA", "What the model was trained on, to have no more of the same") { Repeatable = true },
        new("strategy", "NAME", $"By what rows are chosen: {string.Join(", ", MineSummary.Strategies)}") { Kind = OptionKind.Choice, Choices = MineSummary.Strategies, Default = MineSummary.Strategies[0] },
    ]);

    public static OptionGroup Roles { get; } = new("Columns",
    [
        new("embedding", "COL|FILE.npy", "Embedding: a list column of all sides, or an .npy file beside the pool") { Default = "by name: embedding, embeddings, features, vector; else the only list" },
        new("cases-embedding", "COL|FILE.npy", "Embedding of the failures, where it has another name") { Default = "what the scan took" },
        new("train-embedding", "COL|FILE.npy", "Embedding of the training set, where it has another name"),
        new("probs", "COL", "Class probabilities of the pool: a list column, or float columns by name or glob") { Repeatable = true, Default = "by name: probs, probabilities, pred_probs, proba, scores; else none" },
        new("id", "COL", "Row id of the pool and of tables of failures; none for row numbers") { Default = "by name: id, row_id, uuid, key; else row numbers" },
        OptionCatalog.Metric,
    ]);

    public static OptionGroup Files { get; } = new("Results",
    [
        Out with { Default = "gpudiag-mine" },
        new("export", "NAME", $"Further files beside mined.parquet: {string.Join(", ", MineExport.Names)}") { Kind = OptionKind.Choice, Choices = MineExport.Names, Repeatable = true },
        new("image", "COL", "For labelling tools: the pool's images, bytes, paths or addresses") { Default = "by name: image, img, thumbnail" },
        new("text", "COL", "For labelling tools: the pool's texts") { Default = "by name: text" },
        new("url", "URL", "For labelling tools: where images are served, like https://example.com/{id}.png") { Default = "as the pool has them" },
        Format,
        OptionCatalog.Resume,
        Quiet,
        Verbose,
    ]);

    public static OptionGroup Machinery { get; } = new("Machine",
    [
        Device,
        Threads,
        Memory with { Help = "Memory to use, like 512M or 4G; vectors that do not fit stay in their file, or go to a scratch file", Default = "half of all for vectors" },
        new("scratch", "DIR", "Folder for vectors that do not fit into memory") { Default = "the output folder" },
        new("seed", "N", "Seed of everything random; the same seed gives the same bytes") { Kind = OptionKind.Whole, Max = ulong.MaxValue, Default = "0" },
        OnError,
        Config,
        Help,
    ]);
}
