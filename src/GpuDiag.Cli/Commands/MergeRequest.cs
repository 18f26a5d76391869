using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Options;

namespace GpuDiag.Cli.Commands;

/// <summary>What <c>gpudiag merge</c> hands to the command that the states are of.</summary>
/// <param name="Books">The states in the order of the command line, at least one, all of this command: peeked at, so that a merger reads as many at a time as it has room for.</param>
/// <param name="After">What <c>--after</c> names, peeked at; null without it.</param>
internal sealed record MergeRequest(IReadOnlyList<StateBook> Books, StateBook? After, OptionValues Values, Session Session)
{
    /// <summary>The parts of a command whose work is one pass, in their order: all there, each once, of the same options and data.</summary>
    /// <exception cref="InputException">They are not; which, and in what, is named.</exception>
    public IReadOnlyList<StateBook> Parts()
    {
        string command = Books[0].About.Command;
        foreach (var option in (ReadOnlySpan<OptionSpec>)[OptionCatalog.State, OptionCatalog.After])
        {
            if (Values.Has(option.Name))
                throw new InputException($"--{option.Name} is for rounds of parts, and gpudiag {command} has one", remedy: "Leave it out: the parts merge to the result at once.");
        }
        if (Books.FirstOrDefault(b => b.IsMerged) is { } merged)
            throw new InputException("is a merged state, no part", merged.Path, remedy: "Merge the parts alone.");
        StateBook.CheckParts(Books, null);
        return [.. Books.OrderBy(b => b.Slice.Index)];
    }

    /// <summary>The same, read whole.</summary>
    public IReadOnlyList<StateBook> Wholes() => [.. Parts().Select(p => p.Whole())];
}
