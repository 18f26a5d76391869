using System.Globalization;
using GpuDiag.Analyses.Drift;
using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;
using GpuDiag.Reports.Gates;

namespace GpuDiag.Cli.Commands;

/// <summary>What the command line of a comparison means. No data is opened.</summary>
internal sealed record DriftRequest(DriftOptions Options, IReadOnlyList<Gate> Gates, string? SaveReference, string Out, bool Json, bool Quiet)
{
    /// <summary>What is known of passes already; null for nothing.</summary>
    public Func<Rounds>? Rounds { get; init; }

    /// <summary>Go on where an earlier run stopped.</summary>
    public bool Resume { get; init; }

    /// <exception cref="InputException">Something is wrong with an option.</exception>
    public static DriftRequest From(OptionValues values, CommandSpec command)
    {
        if (values.Text("config") is string config)
            values.Underlay(ConfigFile.Read(config, command));
        const string example = "Name the reference, then what to compare with it: gpudiag drift train.parquet today.parquet; quote patterns.";
        if (values.Inputs.Count == 0)
            throw new InputException("no data is given", remedy: example);
        string? save = values.Text("save-reference");
        if (values.Inputs.Count == 1 && save is null)
            throw new InputException("only the reference is given", remedy: example);
        if (values.Inputs.Count == 1 && values.Has("gate"))
            throw new InputException("--gate is given, but nothing to compare", remedy: example);
        var defaults = new DriftOptions { Datasets = values.Inputs };
        var options = defaults with
        {
            Further = values.Texts("reference"),
            Label = values.Text("label"),
            Pred = values.Text("pred"),
            Confidence = values.Text("confidence"),
            Probs = values.Text("probs"),
            Embedding = values.Text("embedding"),
            Id = values.Text("id"),
            Texts = values.Texts("text"),
            Columns = values.Texts("column"),
            Ignored = values.Texts("ignore"),
            Categorical = values.Texts("categorical"),
            Segments = Segments(values.Texts("segment")),
            Bins = [.. values.Texts("bin").Select(ScanRequest.Bin)],
            Effect = Number(values, "effect", 1e-9, 1e9) ?? defaults.Effect,
            Alpha = Number(values, "alpha", 0, 1) ?? defaults.Alpha,
            Device = values.Text("device") ?? defaults.Device,
            Threads = (int?)values.Whole("threads"),
            Memory = values.Bytes("memory"),
            SkipUnreadable = values.Text("on-error") == "skip",
        };
        return Of(values, options);
    }

    /// <summary>Options that are known, with where results go and what gates judge them.</summary>
    public static DriftRequest Of(OptionValues values, DriftOptions options)
        => new(options, [.. values.Texts("gate").Select(Gate.Parse)], values.Text("save-reference"), values.Text("out") ?? "gpudiag-drift", values.Text("format") == "json", values.Flag("quiet")) { Resume = values.Flag("resume") };

    private static IReadOnlyList<string> Segments(IReadOnlyList<string> segments)
        => segments.Count > 1 && segments.Contains("none")
            ? throw new InputException("--segment none stands beside other segments", remedy: "Give it alone, or leave it out.")
            : segments;

    private static double? Number(OptionValues values, string name, double least, double most)
    {
        if (values.Text(name) is not string text)
            return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most)
            return number;
        throw new InputException($"--{name}: '{text}' is not a number from {least.ToString("R", CultureInfo.InvariantCulture)} to {most.ToString("R", CultureInfo.InvariantCulture)}", remedy: "Write 0.1, for example.");
    }
}
