using System.Globalization;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;
using GpuDiag.Reports.Gates;
using CompareOptions = GpuDiag.Analyses.Compare.CompareOptions;

namespace GpuDiag.Cli.Commands;

/// <summary>What the command line of a comparison means. No data is opened.</summary>
internal sealed record CompareRequest(CompareOptions Options, IReadOnlyList<Gate> Gates, string Out, bool Json, bool Quiet)
{
    /// <summary>What is known of passes already; null for nothing.</summary>
    public Func<Rounds>? Rounds { get; init; }

    /// <summary>Go on where an earlier run stopped.</summary>
    public bool Resume { get; init; }

    /// <exception cref="InputException">Something is wrong with an option.</exception>
    public static CompareRequest From(OptionValues values, CommandSpec command)
    {
        if (values.Text("config") is string config)
            values.Underlay(ConfigFile.Read(config, command));
        var (before, after) = Sides(values.Inputs, values.Texts("after"));
        var defaults = new ScanOptions { Inputs = before };
        var options = new CompareOptions
        {
            Before = defaults with
            {
                Label = values.Text("label"),
                Pred = values.Text("pred"),
                Probs = values.Texts("probs"),
                Id = values.Text("id"),
                Confidence = values.Text("confidence"),
                Embedding = values.Text("embedding"),
                Image = values.Text("image"),
                Metric = ScanRequest.Metric(values),
                Clusters = (int?)values.Whole("clusters"),
                Slices = SliceRequest.From(values),
                MaxRows = (int?)values.Whole("max-rows") ?? defaults.MaxRows,
                Segments = ScanRequest.Segments(values.Texts("segment")),
                Bins = [.. values.Texts("bin").Select(ScanRequest.Bin)],
                Classes = values.Text("classes") is string file ? ClassList.Read(file) : null,
                Positive = values.Text("positive"),
                MinSupport = (int?)values.Whole("min-support") ?? defaults.MinSupport,
                Device = values.Text("device") ?? defaults.Device,
                Threads = (int?)values.Whole("threads"),
                Memory = values.Bytes("memory"),
                Seed = values.Whole("seed") ?? defaults.Seed,
                SkipUnreadable = values.Text("on-error") == "skip",
            },
            After = after,
            PredBefore = values.Text("pred-before"),
            PredAfter = values.Text("pred-after"),
            ProbsBefore = values.Texts("probs-before"),
            ProbsAfter = values.Texts("probs-after"),
            ConfidenceBefore = values.Text("confidence-before"),
            ConfidenceAfter = values.Text("confidence-after"),
            Cases = values.Text("cases"),
            Margin = values.Text("margin") is string margin ? Margin(margin) : CompareOptions.DefaultMargin,
        };
        return Of(values, options);
    }

    /// <summary>Options that are known, with where results go and what gates judge them.</summary>
    public static CompareRequest Of(OptionValues values, CompareOptions options)
    {
        string folder = values.Text("out") ?? "gpudiag-compare";
        return new CompareRequest(options with { Scratch = folder }, [.. values.Texts("gate").Select(Gate.Parse)], folder, values.Text("format") == "json", values.Flag("quiet")) { Resume = values.Flag("resume") };
    }

    /// <summary>Two names are BEFORE and AFTER; more need <c>--after</c>, which a shell's own expansion of a pattern would blur.</summary>
    private static (IReadOnlyList<string> Before, IReadOnlyList<string> After) Sides(List<string> inputs, IReadOnlyList<string> named)
    {
        if (inputs.Count == 0)
            throw new InputException("no data is given", remedy: "Name the predictions of both models: gpudiag compare before.parquet after.parquet");
        if (named.Count > 0)
            return (inputs, named);
        return inputs.Count switch
        {
            1 => (inputs, []),
            2 => ([inputs[0]], [inputs[1]]),
            _ => throw new InputException(
                $"{inputs.Count} files are given, and which are of the model before and which of the one after is not said",
                remedy: "Name those of the model after with --after, and quote patterns: gpudiag compare 'before/*.parquet' --after 'after/*.parquet'."),
        };
    }

    private static double Margin(string text)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double margin) && margin is >= 0 and <= 1
            ? margin
            : throw new InputException($"--margin: '{text}' is not a number from 0 to 1", remedy: "It is the loss of accuracy that counts as none: 0.01 is one point.");
}
