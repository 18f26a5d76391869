using GpuDiag.Cli.Options;

namespace GpuDiag.Cli.Commands;

/// <summary>One command: its help, its options and what it does.</summary>
/// <param name="Argument">The name of its positional arguments in help; empty when it takes none.</param>
/// <param name="Summary">One line without a full stop.</param>
internal sealed record CommandSpec(string Name, string Argument, string Summary)
{
    /// <summary>A paragraph under the summary.</summary>
    public required string Details { get; init; }

    public required IReadOnlyList<OptionGroup> Groups { get; init; }

    /// <summary>Command lines and what they do.</summary>
    public required IReadOnlyList<(string Line, string Does)> Examples { get; init; }

    /// <summary>Runs, and returns the exit code.</summary>
    public required Func<OptionValues, Session, int> Run { get; init; }

    /// <summary>Makes the result of the parts that <c>--shard i/n --state FILE</c> wrote; null where the command has no parts. Returns the exit code.</summary>
    public Func<MergeRequest, int>? Merge { get; init; }

    /// <summary>Sees to it that a command line means something, without opening data: for what is handed to others to run.</summary>
    public Action<OptionValues>? Check { get; init; }

    /// <summary>A part that was stopped goes on with <c>--resume</c>.</summary>
    public bool PartsResume { get; init; }

    /// <summary>The command that the words behind its name ask for, where one stands for several.</summary>
    public Func<IReadOnlyList<string>, CommandSpec>? For { get; init; }

    public IEnumerable<OptionSpec> Options => Groups.SelectMany(g => g.Options);
}
