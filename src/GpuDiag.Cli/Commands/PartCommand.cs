using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Reports.Monitoring;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag scan --shard i/n --state FILE</c>: one part of the data in one pass.</summary>
internal static class PartCommand
{
    /// <summary>What may stand beside a state that holds all other options.</summary>
    private static readonly HashSet<string> BesideAfter = ["shard", "state", "after", "device", "threads", "memory", "quiet", "verbose", "config"];

    public static bool IsPart(OptionValues values) => OptionCatalog.Shards.Options.Any(o => values.Has(o.Name));

    public static int Run(OptionValues values, ScanRequest request, Session session)
    {
        string shard = values.Text(OptionCatalog.Shard.Name) ?? throw new InputException("--state and --after need a part to read", remedy: "Add --shard i/n, such as --shard 1/4.");
        string path = values.Text(OptionCatalog.State.Name) ?? throw new InputException("--shard needs a file for its state", remedy: "Add --state FILE, such as --state part-1.gds.");
        var slice = ShardSlice.Parse(shard);
        SideFile.Check(path, OptionCatalog.State.Name);
        var options = request.Options;
        StateBook? after = null;
        if (values.Text(OptionCatalog.After.Name) is string earlier)
        {
            string[] more = [.. values.Names.Where(n => !BesideAfter.Contains(n)).Select(n => "--" + n), .. values.Inputs];
            if (more.Length > 0)
                throw new InputException($"{more[0]} stands beside --after, which holds data and options", remedy: "Leave it out.");
            after = StateBook.Read(earlier, Application.Version);
            if (!after.IsMerged)
                throw new InputException($"is part {after.About.Shard} of a pass, no merged state", earlier, remedy: "Merge all parts first: gpudiag merge part-*.gds --state FILE.");
            options = after.About.ToOptions() with { Device = options.Device, Threads = options.Threads, Memory = options.Memory };
        }

        var progress = request.Quiet ? null : new ProgressLine(session.Errors, Session.IsTerminal);
        StateBook part;
        try
        {
            part = Sharding.Part(options, slice, after, Application.Version, progress, session.Cancellation);
        }
        finally
        {
            progress?.Clear();
        }
        SideFile.Write(path, OptionCatalog.State.Name, part.Write);
        if (!request.Quiet)
            session.Output.Write($"Part {slice} of pass {part.About.Pass}: {Size(path)} in {Plain.Name(path)}; {Plain.Seconds(session.Elapsed)}\n");
        return ExitCode.Done;
    }

    internal static string Size(string path) => $"{Plain.Count((new FileInfo(path).Length + 1023) / 1024)} kB";
}
