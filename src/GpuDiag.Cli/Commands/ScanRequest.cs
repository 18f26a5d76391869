using System.Globalization;
using GpuDiag.Analyses.Labels;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Reports.Gates;

namespace GpuDiag.Cli.Commands;

/// <summary>What a scan's command line means: values checked, files of names read, gates understood. No data is opened.</summary>
internal sealed record ScanRequest(ScanOptions Options, IReadOnlyList<Gate> Gates, string Out, bool Json, bool Quiet)
{
    /// <summary>What is known of passes already; null for nothing.</summary>
    public Func<Rounds>? Rounds { get; init; }

    /// <summary>Go on where an earlier run stopped.</summary>
    public bool Resume { get; init; }

    /// <summary>Where the gates go as JUnit XML.</summary>
    public string? JUnit { get; init; }

    /// <summary>Where metrics and gates go in Prometheus' text format.</summary>
    public string? Prometheus { get; init; }

    /// <exception cref="InputException">Something is wrong with an option.</exception>
    public static ScanRequest From(OptionValues values, CommandSpec command)
    {
        if (values.Text("config") is string config)
            values.Underlay(ConfigFile.Read(config, command));
        if (values.Inputs.Count == 0 && !values.Has(OptionCatalog.After.Name))
            throw new InputException("no data is given", remedy: $"Name files, globs or directories: gpudiag {command.Name} predictions.parquet");
        var defaults = new ScanOptions { Inputs = values.Inputs };
        var options = defaults with
        {
            Train = values.Texts("train"),
            TrainEmbedding = values.Text("train-embedding"),
            Label = values.Text("label"),
            Pred = values.Text("pred"),
            Probs = values.Texts("probs"),
            Confidence = values.Text("confidence"),
            Embedding = values.Text("embedding"),
            Neighbors = (int?)values.Whole(OptionCatalog.K.Name) ?? defaults.Neighbors,
            Metric = Metric(values),
            Id = values.Text("id"),
            Split = values.Text("split"),
            Image = values.Text("image"),
            Text = values.Text("text"),
            Segments = Segments(values.Texts("segment")),
            Bins = [.. values.Texts("bin").Select(Bin)],
            Classes = values.Text("classes") is string file ? ClassList.Read(file) : null,
            LabelFilter = (LabelFilter)Choice(values.Text("label-filter"), LabelNames.Filters),
            LabelScore = (LabelScore)Choice(values.Text("label-score"), LabelNames.Scores),
            Clusters = (int?)values.Whole("clusters"),
            Positive = values.Text("positive"),
            MinSupport = (int?)values.Whole("min-support") ?? defaults.MinSupport,
            Slices = SliceRequest.From(values),
            Device = values.Text("device") ?? defaults.Device,
            Threads = (int?)values.Whole("threads"),
            Memory = values.Bytes("memory"),
            Seed = values.Whole("seed") ?? defaults.Seed,
            MaxRows = (int?)values.Whole("max-rows") ?? defaults.MaxRows,
            Gallery = (int?)values.Whole("gallery") ?? defaults.Gallery,
            AllRows = values.Flag("all-rows"),
            SkipUnreadable = values.Text("on-error") == "skip",
        };
        if (options is { Train.Count: 0, TrainEmbedding: not null })
            throw new InputException("--train-embedding is given without a training set", remedy: "Name the training set with --train.");
        return Of(values, options);
    }

    /// <summary>Options that are known, with where results go and what gates judge them.</summary>
    public static ScanRequest Of(OptionValues values, ScanOptions options)
    {
        IReadOnlyList<Gate> gates = [.. values.Texts("gate").Select(Gate.Parse)];
        return new ScanRequest(options, gates, values.Text("out") ?? "gpudiag-out", values.Text("format") == "json", values.Flag("quiet"))
        {
            Resume = values.Flag("resume"),
            JUnit = values.Text("junit"),
            Prometheus = values.Text("prometheus"),
        };
    }

    /// <summary>The place of a choice among its names; the first where none was made.</summary>
    private static int Choice(string? name, IReadOnlyList<string> names) => Math.Max(0, names.ToList().IndexOf(name ?? ""));

    internal static IReadOnlyList<string> Segments(IReadOnlyList<string> segments)
    {
        if (segments.Count > 1 && segments.Contains("none"))
            throw new InputException("--segment none stands beside other segments", remedy: "Give it alone, or leave it out.");
        return segments;
    }

    /// <summary><c>COL</c> or <c>COL:N</c>; a column whose name itself ends so is told by a second number.</summary>
    internal static VectorMetric? Metric(OptionValues values)
        => values.Text("metric") switch { "cosine" => VectorMetric.Cosine, "l2" => VectorMetric.L2, _ => null };

    internal static BinOption Bin(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon < 0)
            return new BinOption(text);
        if (colon > 0 && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 2 and <= 1000)
            return new BinOption(text[..colon], count);
        throw new InputException($"--bin: '{text}' is not COL:N with N from 2 to 1000", remedy: "Write --bin age:5 for five bins of equal numbers of rows.");
    }
}
