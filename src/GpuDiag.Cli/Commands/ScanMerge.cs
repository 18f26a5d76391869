using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;

namespace GpuDiag.Cli.Commands;

/// <summary>A scan's parts: to a merged state, or to the result.</summary>
internal static class ScanMerge
{
    public static int Run(MergeRequest merge)
    {
        var (values, session) = (merge.Values, merge.Session);
        var books = RoundMerge.Books(merge);
        var options = merge.Books[0].About.ToOptions<ScanOptions>();
        options = options with { Device = values.Text("device") ?? options.Device, Threads = (int?)values.Whole("threads"), Memory = values.Bytes("memory") };
        var request = ScanRequest.Of(values, options);
        return values.Text(OptionCatalog.State.Name) is string path
            ? RoundMerge.ToState(path, books, rounds => Scan.Run(options, null, rounds, session.Cancellation), "scan --after", request.Quiet, session)
            : ScanCommand.Run(request with { Rounds = Sharding.ToResult(books.Parts, books.After) }, session, session.Command);
    }
}
