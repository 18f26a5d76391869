namespace GpuDiag.Cli.Options;

/// <summary>One option: all that the parser, the help, the configuration file and the README know of it.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Value">The value's name in help; empty for a flag.</param>
/// <param name="Help">One sentence without a full stop.</param>
internal sealed record OptionSpec(string Name, string Value, string Help)
{
    public OptionKind Kind { get; init; } = OptionKind.Text;

    /// <summary>As help shows it; the value itself is that of the options record.</summary>
    public string? Default { get; init; }

    public bool Repeatable { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];

    public ulong Min { get; init; }

    public ulong Max { get; init; } = long.MaxValue;

    /// <summary>Makes sense on the command line only.</summary>
    public bool NotInConfig { get; init; }

    public char? Short { get; init; }

    public static OptionSpec Flag(string name, string help) => new(name, "", help) { Kind = OptionKind.Flag };
}
