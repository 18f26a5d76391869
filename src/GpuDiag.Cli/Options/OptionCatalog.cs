using System.Globalization;
using GpuDiag.Analyses.Labels;
using GpuDiag.Analyses.Scan;

namespace GpuDiag.Cli.Options;

/// <summary>Every option there is. The parser, <c>--help</c>, the keys of gpudiag.toml and the README's list are made from it.</summary>
internal static class OptionCatalog
{
    public static OptionSpec Device { get; } = new("device", "NAME", "Where to compute: auto, cuda[:i], opencl[:i], cpu or simulator; only auto chooses by itself") { Default = "auto" };

    public static OptionSpec Threads { get; } = new("threads", "N", "CPU threads") { Kind = OptionKind.Whole, Min = 1, Max = 1024, Default = "all cores" };

    public static OptionSpec Memory { get; } = new("memory", "SIZE", "Memory for the rows being read and, in a scan, the scores that threads keep, like 512M or 4G") { Kind = OptionKind.Bytes, Min = 16 << 20, Default = "128M per thread" };

    public static OptionSpec Resume { get; } = OptionSpec.Flag("resume", "Go on where the same command was stopped or killed");

    public static OptionSpec Format { get; } = new("format", "text|json", "What goes to stdout: a summary for people, or the machine-readable result")
    {
        Kind = OptionKind.Choice,
        Choices = ["text", "json"],
        Default = "text",
    };

    public static OptionSpec Out { get; } = new("out", "DIR", "Folder that receives the results") { Default = "gpudiag-out" };

    public static OptionSpec Quiet { get; } = OptionSpec.Flag("quiet", "No progress and no summary; errors and failed gates are still told");

    public static OptionSpec Verbose { get; } = OptionSpec.Flag("verbose", "Show where in the program an error arose");

    public static OptionSpec Check { get; } = OptionSpec.Flag("check", "Run every operation on every device, or on the one of --device, and compare with scalar code byte for byte");

    public static OptionSpec OnError { get; } = new("on-error", "fail|skip", "What to do with an unreadable file") { Kind = OptionKind.Choice, Choices = ["fail", "skip"], Default = "fail" };

    public static OptionSpec Config { get; } = new("config", "FILE", "Read options from a TOML file; the command line wins") { NotInConfig = true };

    public static OptionSpec Help { get; } = OptionSpec.Flag("help", "Show this help") with { Short = 'h', NotInConfig = true };

    public static OptionGroup Columns { get; } = new("Columns",
    [
        new("label", "COL", "True class") { Default = "by name: label, labels, target, y, y_true, ground_truth" },
        new("pred", "COL", "Predicted class") { Default = "by name: pred, prediction, predicted, y_pred; else the most probable class" },
        new("probs", "COL|FILE.npy", "Class probabilities: a list column, float columns by name or glob, or an .npy file aligned by row")
        {
            Repeatable = true,
            Default = "by name: probs, probabilities, pred_probs, proba, scores",
        },
        new("confidence", "COL", "Confidence of the prediction") { Default = "by name: confidence, conf, score; else the greatest probability" },
        new("embedding", "COL|FILE.npy", "Embedding, a list column or an .npy file aligned by row; none for no analysis of neighbours") { Default = "by name: embedding, embeddings, features, vector" },
        new("id", "COL", "Row id") { Default = "by name: id, row_id, uuid, key; else file and row" },
        new("split", "COL", "Split of the row, such as train or test") { Default = "by name: split, subset, fold" },
        new("image", "COL", "Image of the row: bytes, a {bytes, path} struct, or a path below the data's folder; equal ones are duplicates") { Default = "by name: image, img, thumbnail" },
        new("text", "COL", "Text of the row: equal ones are duplicates") { Default = "by name: text" },
    ]);

    public static OptionGroup Train { get; } = new("Training set",
    [
        new("train", "DATA", "What the model was trained on: files, globs or directories; tells leaks and neighbours in it. Its columns have the names of the data's") { Repeatable = true },
        new("train-embedding", "COL|FILE.npy", "Embedding of the training set, where it has another name"),
    ]);

    public static OptionSpec Row { get; } = new("row", "ID", "Id of the row; # and a number for the row of that number, counted from 0");

    public static OptionSpec EarlierScan { get; } = new("scan", "DIR", "Folder of an earlier scan of this data") { Default = "gpudiag-out, if it is one" };

    public static OptionSpec K { get; } = new("k", "N", "Nearest neighbours per row") { Kind = OptionKind.Whole, Min = 1, Max = 10_000, Default = "10" };

    public static OptionSpec Metric { get; } = new("metric", "cosine|l2", "Which embeddings are near: of like direction, or of small Euclidean distance")
    {
        Kind = OptionKind.Choice,
        Choices = ["cosine", "l2"],
        Default = "cosine in more than 3 dimensions, else l2",
    };

    public static OptionGroup Neighbors { get; } = new("Neighbours", [K, Metric]);

    public static OptionSpec Clusters { get; } = new("clusters", "N", "Clusters of the embedding at most") { Kind = OptionKind.Whole, Min = 1, Max = 10_000, Default = "sqrt(rows/2), from 10 to 100" };

    public static OptionGroup Labels { get; } = new("Label issues",
    [
        new("label-filter", "NAME", $"Which labels are likely wrong, by confident learning: {string.Join(", ", LabelNames.Filters)}")
        {
            Kind = OptionKind.Choice,
            Choices = LabelNames.Filters,
            Default = LabelNames.Filters[0],
        },
        new("label-score", "NAME", $"Quality of a label, 0 = worst: {string.Join(", ", LabelNames.Scores)}") { Kind = OptionKind.Choice, Choices = LabelNames.Scores, Default = LabelNames.Scores[0] },
    ]);

    public static OptionGroup Classes { get; } = new("Classes and segments",
    [
        new("classes", "FILE", "Class names, one a line, in the order of the probabilities; they name integer classes 0, 1, …") { Default = "inferred" },
        new("positive", "CLASS", "Positive class of a binary task") { Default = "the second class" },
        new("segment", "COL", "Column to segment by; a*b crosses columns; none for no segments") { Repeatable = true, Default = "columns of few values" },
        new("bin", "COL[:N]", "Numeric column to segment by, cut into N quantile bins") { Repeatable = true, Default = "4 bins" },
        Clusters,
        new("min-support", "N", "Rows that a segment or a cluster needs to be tested") { Kind = OptionKind.Whole, Min = 1, Max = int.MaxValue, Default = "30" },
    ]);

    public static OptionGroup Slices { get; } = new("Slices",
    [
        new("slice-objective", "NAME", "What a slice has much of: error; loss, needs probabilities; calibration, confidence of wrong predictions")
        {
            Kind = OptionKind.Choice,
            Choices = ["error", "loss", "calibration"],
            Default = "error",
        },
        new("slice-level", "N", "Values that a slice combines at most; 0 for any number") { Kind = OptionKind.Whole, Max = int.MaxValue, Default = "3" },
        new("slice-top", "N", "Slices to find; 0 for none") { Kind = OptionKind.Whole, Max = 1000, Default = "10" },
        new("slice-alpha", "A", "Weight of the errors against the size of a slice, above 0, at most 1") { Default = "0.95" },
        new("slice-min-rows", "N", "Rows of a slice at least") { Kind = OptionKind.Whole, Min = 1, Max = int.MaxValue, Default = "a hundredth, at least 32" },
        new("slice-feature", "label|pred|none", "Make slices of the true or the predicted class too")
        {
            Kind = OptionKind.Choice,
            Choices = ["label", "pred", "none"],
            Repeatable = true,
            Default = "label, where there are at most 100 classes and 2^24 rows",
        },
        new("slice-fold", "on|off", "Fold a slice under a better one that holds 95 % of its rows") { Kind = OptionKind.Choice, Choices = ["on", "off"], Default = "on" },
    ]);

    public static OptionSpec Shard { get; } = new("shard", "i/n", "Read only the i-th of n parts of the data, and write what it tells to --state");

    public static OptionSpec State { get; } = new("state", "FILE", "State that is written");

    public static OptionSpec After { get; } = new("after", "FILE", "Merged state of the passes before; it holds data and options too");

    /// <summary>Of a command whose parts merge to its result at once.</summary>
    public static OptionGroup Parts { get; } = new("Several machines (docs/scale.md)", [Shard with { Help = "Do only the i-th of n parts of the work, and write what it found to --state, for gpudiag merge" }, State]);

    /// <summary>Of a command whose <c>--after</c> is another thing.</summary>
    public static OptionSpec Merged { get; } = After with { Name = "merged" };

    public static OptionGroup CompareParts { get; } = Parts with { Options = [.. Parts.Options, Merged] };

    public static OptionGroup Shards { get; } = new("Several machines (docs/scale.md)", [Shard, State, After]);

    public static OptionGroup Results { get; } = new("Results",
    [
        Out,
        Format,
        new("gate", "EXPR", "Condition on the result that must hold, like \"accuracy.low>=0.9\"; exit code 1 where it does not") { Repeatable = true },
        new("junit", "FILE", "Write the gates as JUnit XML too, for build servers; also when the run fails"),
        new("prometheus", "FILE", "Write metrics and gates in Prometheus' text format too, for the node exporter's textfile collector; also when the run fails"),
        Resume,
        new("max-rows", "N", "Rows in rows.parquet at most: the errors with the greatest loss; label issues, leaks, duplicates and outliers take up to a fifth each") { Kind = OptionKind.Whole, Max = int.MaxValue, Default = "10000" },
        new("gallery", "N", "Rows in gallery.parquet per group: errors, each cause, segment, slice, cluster and confusion, label issues, duplicates, leaks, outliers; 0 for none") { Kind = OptionKind.Whole, Max = 1000, Default = ScanOptions.DefaultGallery.ToString(CultureInfo.InvariantCulture) },
        OptionSpec.Flag("all-rows", "Put every row into rows.parquet, in the order of the data"),
        Quiet,
        Verbose,
    ]);

    public static OptionGroup History { get; } = new("Options",
    [
        Out with { Help = "Folder that receives history.json, history.parquet and history.html", Default = "none is written" },
        new("last", "N", "Runs that get a line of their own at most: the latest") { Kind = OptionKind.Whole, Min = 1, Max = 100_000, Default = "20" },
        Format,
        Quiet,
        Verbose,
        Help,
    ]);

    public static OptionGroup Machine { get; } = new("Machine",
    [
        Device,
        Threads,
        Memory,
        new("seed", "N", "Seed of everything random; the same seed gives the same bytes") { Kind = OptionKind.Whole, Max = ulong.MaxValue, Default = "0" },
        OnError,
        Config,
        Help,
    ]);

    public static OptionGroup CompareColumns { get; } = new("Columns",
    [
        new("after", "DATA", "Predictions of the model after; then all else that is named is of the model before") { Repeatable = true },
        new("id", "COL", "Row id of both tables, each once") { Default = "by name: id, row_id, uuid, key; without one in both, by order" },
        new("label", "COL", "True class") { Default = "by name: label, labels, target, y, y_true, ground_truth" },
        new("pred", "COL", "Predicted class in both tables") { Default = "by name: pred, prediction, predicted, y_pred; else the most probable class" },
        new("pred-before", "COL", "Predicted class of the model before"),
        new("pred-after", "COL", "Predicted class of the model after"),
        new("probs", "COL", "Class probabilities in both tables: a list column, or float columns by name or glob") { Repeatable = true, Default = "by name: probs, probabilities, pred_probs, proba, scores" },
        new("probs-before", "COL|FILE.npy", "Class probabilities of the model before") { Repeatable = true },
        new("probs-after", "COL|FILE.npy", "Class probabilities of the model after") { Repeatable = true },
        new("confidence", "COL", "Confidence of the prediction in both tables") { Default = "by name: confidence, conf, score; else the greatest probability" },
        new("confidence-before", "COL", "Confidence of the model before"),
        new("confidence-after", "COL", "Confidence of the model after"),
        new("embedding", "COL|FILE.npy", "Embedding of BEFORE's rows, whose clusters are compared: a list column or an .npy file aligned by row; none for no clusters") { Default = "by name: embedding, embeddings, features, vector" },
        new("image", "COL", "Image of BEFORE's row, shown where it flipped: bytes, a {bytes, path} struct, or a path below the data's folder") { Default = "by name: image, img, thumbnail" },
    ]);

    public static OptionGroup CompareGroups { get; } = new("Classes and segments",
    [
        new("classes", "FILE", "Class names, one a line, in the order of the probabilities; they name integer classes 0, 1, …") { Default = "inferred" },
        new("positive", "CLASS", "Positive class of a binary task") { Default = "the second class" },
        new("segment", "COL", "Column of BEFORE to segment by; a*b crosses columns; none for no segments") { Repeatable = true, Default = "columns of few values" },
        new("bin", "COL[:N]", "Numeric column to segment by, cut into N quantile bins") { Repeatable = true, Default = "4 bins" },
        Clusters,
        Metric,
        new("min-support", "N", "Rows that a class, a segment or a cluster needs to be tested") { Kind = OptionKind.Whole, Min = 1, Max = int.MaxValue, Default = "30" },
    ]);

    public static OptionGroup CompareSlices { get; } = new("Combinations of values that the model after breaks", [.. Slices.Options.Where(o => o.Name != "slice-objective")]);

    public static OptionGroup CompareResults { get; } = new("Results",
    [
        new("cases", "DIR|FILE", "Challenge cases of the model before: the folder of an earlier scan, or a table of their ids; tells how many are fixed, and how many would be by chance"),
        new("margin", "M", "Loss of accuracy that counts as none, from 0 to 1: not worse is what is surely above -M") { Default = "0.01" },
        Out with { Default = "gpudiag-compare" },
        Format,
        new("max-rows", "N", "Rows in flips.parquet at most, of each kind: broken, fixed, still wrong") { Kind = OptionKind.Whole, Max = int.MaxValue, Default = "10000" },
        new("gate", "EXPR", "Condition on the result that must hold, like \"delta.accuracy.low>=-0.002\" or \"regressions==0\"; exit code 1 where it does not") { Repeatable = true },
        Resume,
        Quiet,
        Verbose,
    ]);

    public static OptionGroup Search { get; } = new("Search",
    [
        new("k", "N", "Neighbours of each query") { Kind = OptionKind.Whole, Min = 1, Max = 1 << 20, Default = "10" },
        new("metric", "NAME", "cosine: 1 − cosine; l2: Euclidean distance; ip: inner product, the greatest first")
        {
            Kind = OptionKind.Choice,
            Choices = ["cosine", "l2", "ip"],
            Default = "cosine, in up to 3 dimensions l2",
        },
        OptionSpec.Flag("exclude-self", "A row is no neighbour of the query with its row number; always so without a base"),
        new("base", "DATA", "What to search; then all of QUERIES are queries") { Repeatable = true },
        new("embedding", "COL|FILE.npy", "Embedding: a list column of both sides, or an .npy file beside the queries") { Default = "by name: embedding, embeddings, features, vector; else the only list" },
        new("base-embedding", "COL|FILE.npy", "Embedding of the base, where it has another name"),
        new("id", "COL", "Row id of both sides, each once; none for row numbers") { Default = "by name: id, row_id, uuid, key; else row numbers" },
        new("base-id", "COL", "Row id of the base, where it has another name"),
    ]);

    public static OptionGroup SearchResults { get; } = new("Results", [Out with { Default = "gpudiag-knn" }, Format, Resume, Quiet, Verbose]);

    public static OptionGroup SearchMachine { get; } = new("Machine",
    [
        Device,
        Threads,
        Memory with { Help = "Memory to use, like 512M or 4G; vectors that do not fit stay in their file, or go to a scratch file", Default = "half of all for vectors" },
        new("scratch", "DIR", "Folder for vectors that do not fit into memory; they are gone when the run ends, however it does") { Default = "the output folder" },
        OnError,
        Config,
        Help,
    ]);

    public static OptionGroup ScoreModel { get; } = new("Model",
    [
        new("model", "FILE.onnx", "The model, where it is not named first; in a configuration file, with data for the rest"),
        new("input", "[NAME=]COL", "Column of a model input: scalars, lists of floats, or an .npy file aligned by row; more of them or a pattern such as x* make one input, in this order")
        {
            Repeatable = true,
            Default = "by the input's name; of a single input the embedding, else the columns of numbers in their order",
        },
        new("output", "NAME=ROLE", "What an output of the model is: pred, probs, logits (softmax makes probs of them), embedding, none, or a name to write it under")
        {
            Repeatable = true,
            Default = "by name; a softmax's output is probs",
        },
        new("classes", "FILE", "Class names, one a line, in the order of the model's outputs") { Default = "from the model's metadata, else numbers" },
        new("missing", "skip|pass", "Rows with a null or NaN input: skip leaves them without a prediction, pass hands NaN to the model") { Kind = OptionKind.Choice, Choices = ["skip", "pass"], Default = "skip" },
        new("batch", "N", "Rows per run of the model; results do not depend on it") { Kind = OptionKind.Whole, Min = 1, Max = 1 << 16, Default = "64, fewer of large rows; as the model states" },
    ]);

    public static OptionGroup ScoreImages { get; } = new("Images",
    [
        new("image", "COL", "Images: bytes of PNG, JPEG, GIF or BMP files, a {bytes, path} struct, or paths") { Default = "by name: image, img, thumbnail" },
        new("image-root", "DIR", "Folder that paths are relative to and stay below") { Default = "the data file's own" },
        new("image-size", "WxH", "Size to resize to") { Default = "the model's" },
        new("image-resize", "N", "Resize the shorter side to N pixels, then cut the middle of the size") { Kind = OptionKind.Whole, Min = 1, Max = 1 << 15, Default = "stretch to the size" },
        new("image-scale", "X", "A byte of a channel becomes (byte / X − mean) / std") { Default = "255" },
        new("image-mean", "R,G,B", "Mean, one number or one per channel") { Default = "0" },
        new("image-std", "R,G,B", "Standard deviation, likewise") { Default = "1" },
        new("image-channels", "rgb|bgr|grey", "What the channels are, in their order") { Kind = OptionKind.Choice, Choices = ["rgb", "bgr", "grey"], Default = "grey for one channel, else rgb" },
        new("image-layout", "nchw|nhwc", "Where the model has the channels") { Kind = OptionKind.Choice, Choices = ["nchw", "nhwc"], Default = "by the model's shape" },
    ]);

    public static OptionGroup ScoreResults { get; } = new("Results",
    [
        new("carry", "COL", "Column of the data to write beside the results; none for none") { Repeatable = true, Default = "every column of scalars" },
        Out with { Default = "gpudiag-score" },
        OptionSpec.Flag("resume", "Go on where the same command was stopped"),
        Format,
        Quiet,
        Verbose,
    ]);

    public static OptionGroup ScoreMachine { get; } = new("Machine",
    [
        Device with { Help = "Where to run the model: auto, cuda[:i] or cpu; only auto chooses by itself" },
        Threads with { Help = "Runs of the model side by side" },
        OnError with { Help = "What to do with an unreadable file, or a damaged image, whose row then gets no prediction" },
        Config,
        Help,
    ]);

    public static OptionGroup DriftColumns { get; } = new("Columns",
    [
        new("label", "COL", "True class; none for none") { Default = "by name: label, labels, target, y, y_true, ground_truth" },
        new("pred", "COL", "Predicted class; none for none") { Default = "by name: pred, prediction, predicted, y_pred" },
        new("confidence", "COL", "Confidence of the prediction; none for none") { Default = "by name: confidence, conf, score" },
        new("probs", "COL", "Class probabilities, a list column, whose greatest is the confidence where there is none; none for none") { Default = "by name: probs, probabilities, pred_probs, proba, scores" },
        new("embedding", "COL", "Embedding, a list column; none for none") { Default = "by name: embedding, embeddings, features, vector" },
        new("id", "COL", "Row id, which is not compared; none for none") { Default = "by name: id, row_id, uuid, key" },
        new("text", "COL", "Text to compare by length") { Repeatable = true, Default = "by name: text" },
        new("column", "COL", "Column to compare, or a pattern such as f_*; label, prediction and confidence always are") { Repeatable = true, Default = "every column" },
        new("ignore", "COL", "Column to leave out, or a pattern") { Repeatable = true },
        new("categorical", "COL", "Column of whole numbers or times to compare by value, or a pattern") { Repeatable = true, Default = "text, booleans, and whole numbers of at most 20 values" },
    ]);

    public static OptionGroup DriftReference { get; } = new("Reference and segments",
    [
        new("reference", "DATA", "Further data of the reference, or a saved one: merged into it") { Repeatable = true },
        new("save-reference", "FILE", "Keep what is needed of the reference, to compare with again without its data"),
        new("segment", "COL", "Column to tell the change of accuracy by; a*b crosses columns; none for classes only") { Repeatable = true, Default = "text and booleans of at most 100 values; without any, tenths of every number and clusters of the embedding" },
        new("bin", "COL[:N]", "Numeric column to tell it by, cut into N bins at the reference's quantiles") { Repeatable = true, Default = "4 bins" },
    ]);

    public static OptionGroup DriftLimits { get; } = new("Limits",
    [
        new("effect", "X", "Effect from which a significant difference is drift: of numbers the greater of the KS statistic and the Wasserstein distance in standard deviations, of categories the Jensen–Shannon distance") { Default = "0.1" },
        new("alpha", "Q", "q-value up to which a difference is significant") { Default = "0.05" },
    ]);

    public static OptionGroup DriftResults { get; } = new("Results",
    [
        Out with { Default = "gpudiag-drift" },
        Format,
        new("gate", "EXPR", "Condition on the result that must hold, like \"drifted_columns==0\" or \"columns[age].effect<0.2\"; exit code 1 where it does not") { Repeatable = true },
        Resume,
        Quiet,
        Verbose,
    ]);

    public static OptionGroup DriftMachine { get; } = new("Machine", [Device, Threads, Memory, OnError, Config, Help]);
}
