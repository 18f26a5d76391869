using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;
using GpuDiag.Columns;
using GpuDiag.Reports;
using GpuDiag.Reports.Monitoring;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag merge</c>: from parts to a merged state, or to the result.</summary>
internal static class MergeCommand
{
    public static CommandSpec Spec { get; } = new("merge", "STATE…", "Make a scan's result from the parts that several machines read")
    {
        Details = "STATE is what gpudiag scan --shard i/n --state FILE wrote: all n parts of one pass, or one merged state. The result is the same bytes as that of one gpudiag scan. The data's files must be in reach: their footers are read, and passes that no machine made before are made here. With --state the parts become one merged state instead, for the machines to go on with the next pass.",
        Groups =
        [
            new OptionGroup("States", [OptionCatalog.State, OptionCatalog.After]),
            new OptionGroup("Results", [.. OptionCatalog.Results.Options.Where(o => o.Name is not ("max-rows" or "all-rows" or "resume" or "gallery"))]),
            new OptionGroup("Machine", [OptionCatalog.Device, OptionCatalog.Threads, OptionCatalog.Memory, OptionCatalog.Help]),
        ],
        Examples =
        [
            ("gpudiag merge part-*.gds --out nightly", "The result, from all parts of the first pass"),
            ("gpudiag merge part-*.gds --state pass1.gds", "One state; then gpudiag scan --after pass1.gds --shard i/n --state … on every machine"),
        ],
        Run = Run,
    };

    public static int Run(OptionValues values, Session session)
    {
        if (values.Inputs.Count == 0)
            throw new InputException("no state is given", remedy: "Name the files that gpudiag scan --shard i/n --state FILE wrote: gpudiag merge part-*.gds");
        List<StateBook> books = [.. FileSearch.Find(values.Inputs).Select(p => StateBook.Read(p, Application.Version))];
        if (values.Text(OptionCatalog.After.Name) is string earlier)
            books.Add(StateBook.Read(earlier, Application.Version));
        List<StateBook> merged = [.. books.Where(b => b.IsMerged)], parts = [.. books.Where(b => !b.IsMerged)];
        if (merged.Count > 1)
            throw new InputException($"is a merged state, and so is {merged[0].Path}", merged[1].Path, remedy: "Give the latest alone.");
        if (values.Has(OptionCatalog.After.Name) && parts.Contains(books[^1]))
            throw new InputException($"is part {books[^1].About.Shard} of a pass, no merged state", books[^1].Path, remedy: "Name a merged state by --after.");
        var after = merged.FirstOrDefault();
        var options = books[0].About.ToOptions();
        options = options with { Device = values.Text("device") ?? options.Device, Threads = (int?)values.Whole("threads"), Memory = values.Bytes("memory") };
        var request = ScanRequest.Of(values, options);
        return values.Text(OptionCatalog.State.Name) is string path
            ? Merge(path, parts, after, request, session)
            : ScanCommand.Run(request with { Rounds = Sharding.ToResult(parts, after) }, session, session.Command);
    }

    private static int Merge(string path, List<StateBook> parts, StateBook? after, ScanRequest request, Session session)
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
