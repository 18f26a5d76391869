using GpuDiag.Cli.Commands;

namespace GpuDiag.Cli.Options;

/// <summary>
/// Reads the arguments of one command into values, by the catalogue: <c>--name value</c>, <c>--name=value</c>, flags,
/// files anywhere, <c>--</c> before files that begin with a dash.
/// </summary>
/// <remarks>
/// Written here because a parser library costs more than the rest of a small scan's start (System.CommandLine: 22 ms
/// ahead-of-time compiled, 41 ms not; a whole .NET process that does nothing: 30 ms), and knows values' kinds apart
/// from those of the configuration file.
/// </remarks>
internal static class ArgumentParser
{
    /// <exception cref="InputException">An unknown option, a missing value, or one of the wrong kind.</exception>
    public static OptionValues Parse(CommandSpec command, ReadOnlySpan<string> args)
    {
        var options = command.Options.ToDictionary(o => o.Name);
        var values = new OptionValues();
        bool optionsEnded = false;
        for (int i = 0; i < args.Length; i++)
        {
            string word = args[i];
            if (optionsEnded || word.Length < 2 || word[0] != '-')
            {
                AddInput(command, values, word);
                continue;
            }
            if (word == "--")
            {
                optionsEnded = true;
                continue;
            }
            int equals = word.IndexOf('=');
            var option = Find(command, options, equals < 0 ? word : word[..equals]);
            string shown = "--" + option.Name;
            if (equals >= 0)
                values.Add(option, word[(equals + 1)..], shown);
            else if (option.Kind == OptionKind.Flag)
                values.Add(option, "true", shown);
            else if (i + 1 == args.Length || IsOption(options, args[i + 1]))
                throw new InputException($"{shown} needs a value: {shown} {option.Value}", remedy: $"{option.Help}.");
            else
                values.Add(option, args[++i], shown);
        }
        return values;
    }

    private static void AddInput(CommandSpec command, OptionValues values, string word)
    {
        if (command.Argument.Length == 0)
            throw new InputException($"'{word}' is not expected: gpudiag {command.Name} takes options only", remedy: $"See gpudiag {command.Name} --help.");
        if (word.Length == 0)
            throw new InputException("a file name is empty", remedy: "Name a file, a glob or a directory.");
        values.Inputs.Add(word);
    }

    private static OptionSpec Find(CommandSpec command, Dictionary<string, OptionSpec> options, string word)
    {
        if (word.StartsWith("--", StringComparison.Ordinal) && options.TryGetValue(word[2..], out var option))
            return option;
        if (word.Length == 2 && command.Options.FirstOrDefault(o => o.Short == word[1]) is OptionSpec found)
            return found;
        // One letter is near to every short name: no hint is better than a wrong one.
        string? meant = word.Length > 2 ? Suggestion.For(word.TrimStart('-').Replace('_', '-'), options.Keys) : null;
        throw new InputException($"unknown option '{word}'", remedy: meant is null ? $"See gpudiag {command.Name} --help." : $"Did you mean --{meant}?");
    }

    private static bool IsOption(Dictionary<string, OptionSpec> options, string word)
        => word.StartsWith("--", StringComparison.Ordinal) && options.ContainsKey(word[2..].Split('=')[0]);
}
