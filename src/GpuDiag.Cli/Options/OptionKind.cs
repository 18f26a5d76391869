namespace GpuDiag.Cli.Options;

/// <summary>What an option's value must be.</summary>
internal enum OptionKind
{
    Text,
    /// <summary>No value: there or not. In a configuration file, true or false.</summary>
    Flag,
    /// <summary>A whole number within the option's range.</summary>
    Whole,
    /// <summary>A number of bytes: <c>512M</c>, <c>4G</c>, <c>1500000</c>.</summary>
    Bytes,
    /// <summary>One of a few words.</summary>
    Choice,
}
