using System.Globalization;
using GpuDiag.Cli.Options;
using GpuDiag.Reports.Mining;
using GpuDiag.Scoring.Heads;

namespace GpuDiag.Cli.Commands;

/// <summary>What the command line of retraining means. A scan's folder is read, no data is opened.</summary>
internal sealed record RetrainRequest(RetrainOptions Options, string Out, bool Json, bool Quiet)
{
    /// <exception cref="InputException">Something is wrong with an option, or with the scan's files.</exception>
    public static RetrainRequest From(OptionValues values, CommandSpec command)
    {
        if (values.Text("config") is string config)
            values.Underlay(ConfigFile.Read(config, command));
        IReadOnlyList<string> train = values.Texts("train");
        if (train.Count == 0)
            throw new InputException("no training set is given", remedy: "Name the labelled rows: gpudiag retrain --train train.parquet --labels labels.parquet --pool pool.parquet");
        IReadOnlyList<string> test = values.Texts("test"), labels = values.Texts("labels");
        if (labels.Count == 0 && values.Texts("pool").Count > 0)
            throw new InputException("--pool is given without --labels", remedy: "Name the new labels with --labels.");
        IReadOnlyList<long>? cases = null;
        if (values.Text("cases") is string scan)
        {
            if (!ScanCases.IsScan(scan))
                throw new InputException("is no folder of a scan", scan, remedy: "Name the folder that gpudiag scan wrote.");
            var source = ScanCases.Read(scan);
            if (test.Count > 0 && !Columns.FileSearch.Find(test).Select(Path.GetFullPath).SequenceEqual(source.Inputs.Select(Path.GetFullPath)))
                throw new InputException($"--test names other files than the scan {scan} read, so its failures are not rows of them", remedy: "Leave --test out, or --cases.");
            test = source.Inputs;
            cases = [.. source.Failures!.Select(f => f.Row)];
        }
        var defaults = new RetrainOptions { Train = train };
        var options = defaults with
        {
            Labels = labels,
            Pool = values.Texts("pool"),
            Test = test,
            Cases = cases,
            Embedding = values.Text("embedding"),
            Id = values.Text("id"),
            Label = values.Text("label"),
            C = Strength(values.Text("c")),
            Warm = values.Text("warm"),
            Search = values.Text("c") == "auto",
            Balanced = values.Text("class-weight") == "balanced",
            Folds = (int?)values.Whole("folds") ?? defaults.Folds,
            Seed = values.Whole("seed") ?? defaults.Seed,
            Threads = (int?)values.Whole("threads"),
            Memory = values.Bytes("memory"),
            Skip = values.Text("on-error") == "skip",
        };
        return new RetrainRequest(options, values.Text("out") ?? "gpudiag-retrain", values.Text("format") == "json", values.Flag("quiet"));
    }

    private static double? Strength(string? text)
    {
        if (text is null or "auto")
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double c) && c is > 1e-9 and < 1e9
            ? c
            : throw new InputException($"--c: '{text}' is neither auto nor a number from 1e-9 to 1e9", remedy: "Write --c 1, or leave it out to have it chosen.");
    }
}
