using GpuDiag.Analyses.Mining;
using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;
using GpuDiag.Reports.Mining;

namespace GpuDiag.Cli.Commands;

/// <summary>What the command line of mining means. A scan's folder is read, no data is opened.</summary>
internal sealed record MineRequest(MineOptions Options, IReadOnlyList<string> CaseNames, IReadOnlyList<string> Exports, string Out, bool Json, bool Quiet, bool Resume = false)
{
    /// <exception cref="InputException">Something is wrong with an option, or with the scan's files.</exception>
    public static MineRequest From(OptionValues values, CommandSpec command)
    {
        if (values.Text("config") is string config)
            values.Underlay(ConfigFile.Read(config, command));
        IReadOnlyList<string> pool = values.Texts("pool");
        if (pool.Count == 0)
            throw new InputException("no pool is given", remedy: "Name the unlabelled rows: gpudiag mine --cases gpudiag-out --pool pool.parquet --budget 1000");
        if (values.Whole("budget") is not ulong budget)
            throw new InputException("no budget is given", remedy: "Say how many rows can be labelled: --budget 1000");
        var strategy = (MineStrategy)Math.Max(0, MineSummary.Strategies.ToList().IndexOf(values.Text("strategy") ?? ""));
        string folder = values.Text("out") ?? DefaultOut;
        var cases = Cases(values.Texts("cases"));
        if (cases is null && strategy == MineStrategy.Failures)
            throw new InputException("no failures are given", remedy: "Name a scan's folder or a table of predictions with --cases, or choose a --strategy that needs none, such as margin.");
        var defaults = new MineOptions { Pool = pool, Budget = (int)budget };
        var options = defaults with
        {
            Cases = cases,
            Train = values.Texts("train"),
            Strategy = strategy,
            Embedding = values.Text("embedding"),
            CasesEmbedding = values.Text("cases-embedding"),
            TrainEmbedding = values.Text("train-embedding"),
            Probs = values.Texts("probs"),
            Id = values.Text("id"),
            Metric = ScanRequest.Metric(values),
            Seed = values.Whole("seed") ?? defaults.Seed,
            Device = values.Text("device") ?? defaults.Device,
            Threads = (int?)values.Whole("threads"),
            Memory = values.Bytes("memory"),
            Scratch = values.Text("scratch") ?? folder,
            SkipUnreadable = values.Text("on-error") == "skip",
        };
        IReadOnlyList<string> exports = [.. values.Texts("export").Prepend("parquet").Distinct()];
        string? url = values.Text("url");
        if (url is not null && !url.Contains("{id}", StringComparison.Ordinal))
            throw new InputException($"--url: '{url}' has no {{id}} in it, so every row would be the same image", remedy: "Write it like 'https://example.com/images/{id}.png'.");
        options = options with
        {
            Contents = exports.Any(e => e is "labelbox" or "labelstudio"),
            Image = values.Text("image"),
            Text = values.Text("text"),
            Address = url,
        };
        return new MineRequest(options, values.Texts("cases"), exports, folder, values.Text("format") == "json", values.Flag("quiet"), values.Flag("resume"));
    }

    /// <summary>What parts say, with where their result goes.</summary>
    public static MineRequest Of(OptionValues values, StateBook part)
    {
        var (names, exports) = MineParts.Given(part);
        string folder = values.Text("out") ?? DefaultOut;
        var options = part.About.ToOptions<MineOptions>();
        options = options with { Cases = Cases(names), Device = values.Text("device") ?? options.Device, Threads = (int?)values.Whole("threads"), Memory = values.Bytes("memory"), Scratch = folder };
        return new MineRequest(options, names, exports, folder, values.Text("format") == "json", values.Flag("quiet"));
    }

    public const string DefaultOut = "gpudiag-mine";

    /// <summary>One folder of a scan, or tables of predictions.</summary>
    private static CaseSource? Cases(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return null;
        if (names.Count == 1 && ScanCases.IsScan(names[0]))
            return ScanCases.Read(names[0]);
        return names.FirstOrDefault(ScanCases.IsScan) is string scan
            ? throw new InputException($"--cases names the scan {scan} beside others", remedy: "Name one scan, or tables of predictions.")
            : new CaseSource { Name = string.Join(", ", names), Inputs = names };
    }
}
