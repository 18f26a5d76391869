using GpuDiag.Analyses.Neighbors;
using GpuDiag.Cli.Options;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Cli.Commands;

/// <summary>What the command line of a search means. No data is opened.</summary>
internal sealed record KnnRequest(KnnOptions Options, string Out, bool Json, bool Quiet, bool Resume = false)
{
    private const string DefaultOut = "gpudiag-knn";

    /// <exception cref="InputException">Something is wrong with an option.</exception>
    public static KnnRequest From(OptionValues values, CommandSpec command)
    {
        if (values.Text("config") is string config)
            values.Underlay(ConfigFile.Read(config, command));
        var (queries, searched) = Sides(values.Inputs, values.Texts("base"));
        var defaults = new KnnOptions { Queries = queries };
        var options = defaults with
        {
            Base = searched,
            K = (int?)values.Whole("k") ?? defaults.K,
            Metric = values.Text("metric") switch { "cosine" => VectorMetric.Cosine, "l2" => VectorMetric.L2, "ip" => VectorMetric.InnerProduct, _ => null },
            ExcludeSelf = values.Flag("exclude-self"),
            Embedding = values.Text("embedding"),
            BaseEmbedding = values.Text("base-embedding"),
            Id = values.Text("id"),
            BaseId = values.Text("base-id"),
            Device = values.Text("device") ?? defaults.Device,
            Threads = (int?)values.Whole("threads"),
            Memory = values.Bytes("memory"),
            Scratch = values.Text("scratch") ?? values.Text("out") ?? DefaultOut,
            SkipUnreadable = values.Text("on-error") == "skip",
        };
        return Of(values, options);
    }

    /// <summary>Options that are known, with where results go.</summary>
    public static KnnRequest Of(OptionValues values, KnnOptions options)
        => new(options, values.Text("out") ?? DefaultOut, values.Text("format") == "json", values.Flag("quiet"), values.Flag("resume"));

    /// <summary>Two names are queries and base, in this order; more need <c>--base</c>, which a shell's own expansion of a pattern would blur.</summary>
    private static (IReadOnlyList<string> Queries, IReadOnlyList<string> Base) Sides(List<string> inputs, IReadOnlyList<string> named)
    {
        if (inputs.Count == 0)
            throw new InputException("no data is given", remedy: "Name the queries, and the base if it is another: gpudiag knn queries.parquet base.parquet");
        if (named.Count > 0)
            return (inputs, named);
        return inputs.Count switch
        {
            1 => (inputs, []),
            2 => ([inputs[0]], [inputs[1]]),
            _ => throw new InputException(
                $"{inputs.Count} files are given, and which are queries and which are the base is not said",
                remedy: "Name the base with --base, and quote patterns: gpudiag knn 'q/*.parquet' --base 'b/*.parquet'; for many files among themselves, quote the pattern or give the folder."),
        };
    }
}
