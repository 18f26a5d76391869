using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Reports.Monitoring;

namespace GpuDiag.Cli.Commands;

/// <summary>The parts of a command whose passes machines share in rounds: to a merged state, or to the result.</summary>
internal static class RoundMerge
{
    /// <summary>The states, read whole, and the merged one that they began with.</summary>
    /// <exception cref="InputException">There are several merged ones, or what was named as one is none.</exception>
    public static (List<StateBook> Parts, StateBook? After) Books(MergeRequest merge)
    {
        List<StateBook> books = [.. merge.Books.Select(b => b.Whole())];
        if (merge.After is { } earlier)
            books.Add(earlier.IsMerged ? earlier.Whole() : throw new InputException($"is part {earlier.About.Shard} of a pass, no merged state", earlier.Path, remedy: "Name a merged state by --after."));
        List<StateBook> merged = [.. books.Where(b => b.IsMerged)];
        if (merged.Count > 1)
            throw new InputException($"is a merged state, and so is {merged[0].Path}", merged[1].Path, remedy: "Give the latest alone.");
        return ([.. books.Where(b => !b.IsMerged)], merged.FirstOrDefault());
    }

    /// <summary>Writes the merged state, and says how to go on.</summary>
    /// <param name="path">Receives it.</param>
    /// <param name="books">Parts, and what they began with.</param>
    /// <param name="run">Runs the command by rounds.</param>
    /// <param name="next">The words that a part of the next pass begins with.</param>
    /// <param name="quiet">Say nothing.</param>
    /// <param name="session">Is told.</param>
    public static int ToState(string path, (List<StateBook> Parts, StateBook? After) books, Action<Func<Rounds>> run, string next, bool quiet, Session session)
    {
        if (books.Parts.Count == 0)
            throw new InputException("there are no parts to merge into a state", remedy: "Name the parts of a pass, or leave --state out for the result.");
        SideFile.Check(path, OptionCatalog.State.Name);
        var (book, pass) = Sharding.Merge(books.Parts, books.After, run, Application.Version);
        SideFile.Write(path, OptionCatalog.State.Name, book.Write);
        if (!quiet)
        {
            string then = pass is null
                ? $"no pass is left to share: gpudiag merge {Session.Quoted(path)} --out DIR makes the result"
                : $"next to share is pass {pass}: gpudiag {next} {Session.Quoted(path)} --shard i/n --state FILE; or at once gpudiag merge {Session.Quoted(path)} --out DIR";
            session.Output.Write($"{Plain.Count(books.Parts.Count)} parts of pass {books.Parts[0].About.Pass}: {PartCommand.Size(path)} in {Plain.Name(path)}\n{then}\n");
        }
        return ExitCode.Done;
    }
}
