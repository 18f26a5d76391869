using static GpuDiag.Cli.Options.OptionCatalog;

namespace GpuDiag.Cli.Options;

/// <summary>The options of <c>gpudiag retrain</c>.</summary>
internal static class RetrainOptionGroups
{
    public static OptionGroup Data { get; } = new("Data",
    [
        new("train", "DATA", "Labelled rows with embeddings: files, globs or directories") { Repeatable = true },
        new("labels", "DATA", "New labels: tables with an id and a label; rows without a label are not labelled yet") { Repeatable = true },
        new("pool", "DATA", "Where the embeddings of newly labelled rows are, by id") { Repeatable = true, Default = "the labels' own tables" },
        new("test", "DATA", "Rows to predict with the new head") { Repeatable = true, Default = "what the scan of --cases read" },
        new("cases", "DIR", "Folder of a scan of the test data: how many of its failures are right now"),
    ]);

    public static OptionGroup Fit { get; } = new("Fit",
    [
        new("c", "C", "Inverse strength of the L2 penalty, as in scikit-learn; auto chooses it by cross-validation") { Default = "auto; with --warm that head's" },
        new("warm", "HEAD.onnx", "Head of an earlier run to go on from: fewer steps to the same optimum"),
        new("class-weight", "none|balanced", "Whether every class counts alike, however many rows it has") { Kind = OptionKind.Choice, Choices = ["none", "balanced"], Default = "none" },
        new("folds", "N", "Parts of the cross-validation and of the out-of-fold predictions") { Kind = OptionKind.Whole, Min = 2, Max = 100, Default = "5" },
    ]);

    public static OptionGroup Roles { get; } = new("Columns",
    [
        new("embedding", "COL", "Embedding, a list column of all sides") { Default = "by name: embedding, embeddings, features, vector; else the only list" },
        new("label", "COL", "True class") { Default = "by name: label, labels, target, y, y_true, ground_truth" },
        new("id", "COL", "Row id") { Default = "by name: id, row_id, uuid, key" },
    ]);

    public static OptionGroup Files { get; } = new("Results", [Out with { Default = "gpudiag-retrain" }, Format, Quiet, Verbose]);

    public static OptionGroup Machinery { get; } = new("Machine",
    [
        Threads,
        Memory with { Help = "Memory to use, like 512M or 4G", Default = "half of all for vectors" },
        new("seed", "N", "Seed of the folds; the same seed gives the same bytes") { Kind = OptionKind.Whole, Max = ulong.MaxValue, Default = "0" },
        OnError with { Help = "What to do with an unreadable file, and with labels of unknown ids" },
        Config,
        Help,
    ]);
}
