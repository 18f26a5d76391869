using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Reports.Monitoring;

namespace GpuDiag.Cli.Commands;

/// <summary>A scan's parts: to a merged state, or to the result.</summary>
internal static class ScanMerge
{
    public static int Run(MergeRequest merge)
    {
        var values = merge.Values;
        List<StateBook> books = [.. merge.Books.Select(b => b.Whole())];
        if (merge.After is { } earlier)
            books.Add(earlier.IsMerged ? earlier.Whole() : throw new InputException($"is part {earlier.About.Shard} of a pass, no merged state", earlier.Path, remedy: "Name a merged state by --after."));
        List<StateBook> merged = [.. books.Where(b => b.IsMerged)], parts = [.. books.Where(b => !b.IsMerged)];
        if (merged.Count > 1)
            throw new InputException($"is a merged state, and so is {merged[0].Path}", merged[1].Path, remedy: "Give the latest alone.");
        var after = merged.FirstOrDefault();
        var options = books[0].About.ToOptions<ScanOptions>();
        options = options with { Device = values.Text("device") ?? options.Device, Threads = (int?)values.Whole("threads"), Memory = values.Bytes("memory") };
        var request = ScanRequest.Of(values, options);
        return values.Text(OptionCatalog.State.Name) is string path
            ? ToState(path, parts, after, request, merge.Session)
            : ScanCommand.Run(request with { Rounds = Sharding.ToResult(parts, after) }, merge.Session, merge.Session.Command);
    }

    private static int ToState(string path, List<StateBook> parts, StateBook? after, ScanRequest request, Session session)
    {
        if (parts.Count == 0)
            throw new InputException("there are no parts to merge into a state", remedy: "Name the parts of a pass, or leave --state out for the result.");
        SideFile.Check(path, OptionCatalog.State.Name);
        var (book, next) = Sharding.Merge(parts, after, request.Options, Application.Version, null, session.Cancellation);
        SideFile.Write(path, OptionCatalog.State.Name, book.Write);
        if (!request.Quiet)
        {
            string then = next is null
                ? $"no pass is left to share: gpudiag merge {Session.Quoted(path)} --out DIR makes the result"
                : $"next to share is pass {next}: gpudiag scan --after {Session.Quoted(path)} --shard i/n --state FILE; or at once gpudiag merge {Session.Quoted(path)} --out DIR";
            session.Output.Write($"{Plain.Count(parts.Count)} parts of pass {parts[0].About.Pass}: {PartCommand.Size(path)} in {Plain.Name(path)}\n{then}\n");
        }
        return ExitCode.Done;
    }
}
