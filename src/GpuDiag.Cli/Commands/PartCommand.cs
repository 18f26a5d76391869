using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Reports.Monitoring;

namespace GpuDiag.Cli.Commands;

/// <summary>One part of a command's work: <c>--shard i/n --state FILE</c>.</summary>
internal static class PartCommand
{
    /// <summary>What may stand beside a state that holds all other options.</summary>
    private static readonly HashSet<string> BesideAfter = ["shard", "state", "after", "merged", "device", "threads", "memory", "quiet", "verbose", "config"];

    /// <summary>Which part is asked for, and where its state goes, which is seen to be writable; null where none is asked for.</summary>
    /// <exception cref="InputException">One of the two is missing or wrong.</exception>
    public static (ShardSlice Slice, string Path)? Asked(OptionValues values)
    {
        string? shard = values.Text(OptionCatalog.Shard.Name), path = values.Text(OptionCatalog.State.Name);
        if (shard is null && path is null)
            return null;
        if (shard is null)
            throw new InputException("--state needs a part to make", remedy: "Add --shard i/n, such as --shard 1/4.");
        if (path is null)
            throw new InputException("--shard needs a file for its state", remedy: "Add --state FILE, such as --state part-1.gds.");
        var slice = ShardSlice.Parse(shard);
        SideFile.Check(path, OptionCatalog.State.Name);
        return (slice, path);
    }

    /// <summary>Makes a part, with progress unless quiet, writes its state whole or not at all, and says so.</summary>
    public static int Write(string path, bool quiet, Session session, Func<ProgressLine?, StateBook> make)
    {
        var progress = quiet ? null : new ProgressLine(session.Errors, Session.IsTerminal);
        StateBook part;
        try
        {
            part = make(progress);
        }
        finally
        {
            progress?.Clear();
        }
        SideFile.Write(path, OptionCatalog.State.Name, part.Write);
        if (!quiet)
            session.Output.Write($"Part {part.Slice} of pass {part.About.Pass}: {Size(path)} in {Plain.Name(path)}; {Plain.Seconds(session.Elapsed)}\n");
        return ExitCode.Done;
    }

    /// <summary>The merged state that a part of a later pass begins with, and that holds data and options; null where none is named.</summary>
    /// <param name="values">The command line.</param>
    /// <param name="option">Names it.</param>
    /// <param name="command">Whose state it has to be.</param>
    /// <exception cref="InputException">It is none, or more is given than can stand beside it.</exception>
    public static StateBook? Earlier(OptionValues values, OptionSpec option, CommandSpec command)
    {
        if (values.Text(option.Name) is not string path)
            return null;
        if (Asked(values) is null)
            throw new InputException($"--{option.Name} needs a part to make", remedy: "Add --shard i/n --state FILE, such as --shard 1/4 --state part-1.gds.");
        string[] more = [.. values.Names.Where(n => !BesideAfter.Contains(n)).Select(n => "--" + n), .. values.Inputs];
        if (more.Length > 0)
            throw new InputException($"{more[0]} stands beside --{option.Name}, which holds data and options", remedy: "Leave it out.");
        var book = StateBook.Read(path, Application.Version);
        return book.IsMerged && book.About.Command == command.Name ? book
            : throw new InputException(book.IsMerged ? $"is of gpudiag {book.About.Command}" : $"is part {book.About.Shard} of a pass, no merged state", path, remedy: "Merge all parts first: gpudiag merge part-*.gds --state FILE.");
    }

    /// <summary>A part of a scan's next pass; null where none is asked for.</summary>
    public static int? OfScan(OptionValues values, ScanRequest request, Session session)
    {
        var after = Earlier(values, OptionCatalog.After, CommandCatalog.Scan);
        if (Asked(values) is not var (slice, path))
            return null;
        var options = request.Options;
        if (after is not null)
            options = after.About.ToOptions<ScanOptions>() with { Device = options.Device, Threads = options.Threads, Memory = options.Memory };
        return Write(path, request.Quiet, session, progress => Sharding.Part(options, slice, after, Application.Version, progress, session.Cancellation));
    }

    internal static string Size(string path) => $"{Plain.Count((new FileInfo(path).Length + 1023) / 1024)} kB";
}
