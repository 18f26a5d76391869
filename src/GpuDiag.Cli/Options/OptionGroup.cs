namespace GpuDiag.Cli.Options;

/// <summary>Options that belong together, under one heading in help.</summary>
internal sealed record OptionGroup(string Title, IReadOnlyList<OptionSpec> Options);
