using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;
using GpuDiag.Columns;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag merge</c>: finds out which command the states are of, and has it make its result of them.</summary>
internal static class MergeCommand
{
    /// <summary>What every command's merger knows what to do with.</summary>
    private static readonly HashSet<string> General = [OptionCatalog.State.Name, OptionCatalog.After.Name, OptionCatalog.Help.Name];

    public static CommandSpec Spec { get; } = new("merge", "STATE…", "Make the result of the parts that several machines made")
    {
        Details = "STATE is what gpudiag scan, or another command that takes --shard i/n --state FILE, wrote: all n parts, or a scan's merged state. What they are of stands in them. The result is the same bytes as that of one run of the command. The data's files must be in reach: their footers are read, and what no machine made before is made here. With --state a scan's parts become one merged state instead, for the machines to go on with the next pass.",
        Groups =
        [
            new OptionGroup("States", [OptionCatalog.State, OptionCatalog.After]),
            new OptionGroup("Results", [OptionCatalog.Out with { Default = "the command's" }, .. OptionCatalog.Results.Options.Where(o => o.Name is not ("out" or "max-rows" or "all-rows" or "resume" or "gallery"))]),
            new OptionGroup("Machine", [OptionCatalog.Device, OptionCatalog.Threads, OptionCatalog.Memory, OptionCatalog.Help]),
        ],
        Examples =
        [
            ("gpudiag merge part-*.gds --out nightly", "The result, from all parts"),
            ("gpudiag merge part-*.gds --state pass1.gds", "One state; then gpudiag scan --after pass1.gds --shard i/n --state … on every machine"),
        ],
        Run = Run,
    };

    public static int Run(OptionValues values, Session session)
    {
        if (values.Inputs.Count == 0)
            throw new InputException("no state is given", remedy: "Name the files that --shard i/n --state FILE wrote: gpudiag merge part-*.gds");
        IReadOnlyList<StateBook> books = [.. FileSearch.Find(values.Inputs).Select(p => StateBook.Peek(p, Application.Version))];
        var after = values.Text(OptionCatalog.After.Name) is string earlier ? StateBook.Peek(earlier, Application.Version) : null;
        string name = books[0].About.Command;
        if ((after is null ? books : [.. books, after]).FirstOrDefault(b => b.About.Command != name) is { } other)
            throw new InputException($"is of gpudiag {other.About.Command}, but {books[0].Path} of gpudiag {name}", other.Path, remedy: "Merge the parts of one command.");
        if (CommandCatalog.All.FirstOrDefault(c => c.Name == name) is not { Merge: { } merge } command)
            throw new InputException($"is of gpudiag {name}, which has no parts", books[0].Path, remedy: "Give files that --shard i/n --state FILE wrote.");
        if (values.Names.FirstOrDefault(n => !General.Contains(n) && command.Options.All(o => o.Name != n)) is string unknown)
            throw new InputException($"gpudiag {name} has no --{unknown}, and these are its parts", remedy: "Leave it out.");
        return merge(new MergeRequest(books, after, values, session));
    }
}
